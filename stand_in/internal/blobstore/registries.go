package blobstore

import (
	"io/fs"
	"path/filepath"
)

// registryMetrics counts the files of docker registries in a blob store, which have no records.
func (m *Manager) registryMetrics(record Record) Metrics {
	metrics := Metrics{}
	if record.Type != File {
		return metrics
	}
	filepath.WalkDir(filepath.Join(m.Dir(record), "content", "docker"), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() != "data" {
			return nil // deleted during the walk
		}
		if info, err := entry.Info(); err == nil {
			metrics.Count++
			metrics.Size += info.Size()
		}
		return nil
	})
	return metrics
}
