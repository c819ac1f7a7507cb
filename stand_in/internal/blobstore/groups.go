package blobstore

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// GroupOf returns the group that a blob store is a member of, or "".
func (m *Manager) GroupOf(name string) string {
	record, _ := m.records.Find(func(r Record) bool { return slices.Contains(r.Members, name) })
	return record.Name
}

// writable returns the file blob store that new files go to: for a group its first member, whatever the fill policy.
func (m *Manager) writable(name string) (Record, error) {
	record, _ := m.Find(name)
	if record.Type == Group && len(record.Members) > 0 {
		record, _ = m.records.Get(record.Members[0])
	}
	if record.Type != File {
		return record, fmt.Errorf("blob store %s of type %s keeps settings only here, no content", name, record.Type)
	}
	return record, nil
}

// CheckWritable returns an error if a blob store cannot store content.
func (m *Manager) CheckWritable(name string) error {
	_, err := m.writable(name)
	return err
}

// DirOf is the folder for new files of a blob store.
func (m *Manager) DirOf(name string) string {
	record, err := m.writable(name)
	if err != nil {
		return filepath.Join(m.dataDir, "blobs", "unreached")
	}
	return m.Dir(record)
}

// folderWith is the folder of the group member that has the file, or else the folder for new files.
func (m *Manager) folderWith(name, file string) string {
	group, _ := m.Find(name)
	for _, member := range group.Members {
		record, _ := m.records.Get(member)
		if _, err := os.Stat(filepath.Join(m.Dir(record), file)); err == nil {
			return m.Dir(record)
		}
	}
	return m.DirOf(name)
}

// Convert renames a blob store and stores a group under its old name.
func (m *Manager) Convert(record Record, name string, group Record) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	metrics, _ := m.metrics.Get(record.Name)
	if err := m.metrics.Put(name, metrics); err != nil {
		return err
	}
	if _, err := m.metrics.Delete(record.Name); err != nil {
		return err
	}
	record.Name = name
	if err := m.records.Put(name, record); err != nil {
		return err
	}
	return m.records.Put(group.Name, group)
}
