package repositories

import (
	"path/filepath"
	"time"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
)

// everything means all repositories in the settings of a task.
const everything = "*"

// CollectImages unlinks untagged images of a docker repository, or of all.
func (m *Manager) CollectImages(name string, before time.Time) error {
	return m.eachRegistry(func(record Record, root string) error {
		if name != everything && name != record.Name {
			return nil
		}
		return dockerrepo.Collect(root, before)
	})
}

// PurgeUploads removes unfinished uploads to docker repositories.
func (m *Manager) PurgeUploads(before time.Time) error {
	return m.eachRegistry(func(_ Record, root string) error { return dockerrepo.PurgeUploads(root, before) })
}

// SweepImages removes the bytes of unlinked images of the docker repositories in a blob store.
func (m *Manager) SweepImages(blobStore string) error {
	return m.eachRegistry(func(record Record, root string) error {
		if record.BlobStore() != blobStore {
			return nil
		}
		return dockerrepo.Sweep(root)
	})
}

func (m *Manager) eachRegistry(visit func(record Record, root string) error) error {
	for _, record := range m.All() {
		if !record.IsDocker() || record.Type == content.Group {
			continue
		}
		if err := visit(record, m.registryRoot(record.BlobStore(), record.Instance)); err != nil {
			return err
		}
	}
	return nil
}

// registryRoot is the folder of the registry of a docker repository.
func (m *Manager) registryRoot(blobStore, instance string) string {
	return filepath.Join(m.blobs.DirOf(blobStore), "content", "docker", instance)
}
