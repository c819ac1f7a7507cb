package blobstore

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func sortedNames(properties map[string]string) []string {
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Compact removes the blobs that are marked as deleted.
func (m *Manager) Compact(name string) error {
	record, ok := m.records.Get(name)
	if !ok || record.Type != File {
		return nil
	}
	removed := Metrics{}
	err := filepath.WalkDir(filepath.Join(m.Dir(record), "content"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".properties") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "\ndeleted=true\n") {
			return err
		}
		bytes := strings.TrimSuffix(path, ".properties") + ".bytes"
		if info, err := os.Stat(bytes); err == nil {
			removed.Count++
			removed.Size += info.Size()
		}
		os.Remove(bytes)
		return os.Remove(path)
	})
	m.count(name, -removed.Count, -removed.Size)
	return err
}

func (m *Manager) count(name string, blobs, size int64) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	metrics := m.recorded(name)
	metrics.Count += blobs
	metrics.Size += size
	return m.metrics.Put(name, metrics)
}

// SweepStaged removes the files of interrupted uploads; call it before the first request.
func (m *Manager) SweepStaged() {
	for _, record := range m.records.All() {
		if record.Type == File {
			os.RemoveAll(filepath.Join(m.Dir(record), "content", "tmp"))
		}
	}
}
