// Package blobstore keeps the bytes of the assets in file blob stores.
package blobstore

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/schema"
)

// The types of blob stores and of soft quotas.
const (
	File           = "File"
	S3             = "S3"
	Azure          = "Azure Cloud Storage"
	Google         = "Google Cloud Storage"
	Group          = "Group"
	SpaceUsed      = "spaceUsedQuota"
	SpaceRemaining = "spaceRemainingQuota"
)

// Quota is a soft quota: it is reported, not enforced.
type Quota struct {
	Type  string `json:"type"`
	Limit int64  `json:"limit"`
}

// MarshalJSON writes null as the type of a quota that was sent without one.
func (q Quota) MarshalJSON() ([]byte, error) {
	shown := map[string]any{"type": q.Type, "limit": q.Limit}
	if q.Type == "" {
		shown["type"] = nil
	}
	return json.Marshal(shown)
}

// Record is the configuration of a blob store.
type Record struct {
	Name       string        `json:"name"`
	Type       string        `json:"type"`
	Path       string        `json:"path,omitempty"`
	Quota      *Quota        `json:"softQuota,omitempty"`
	Bucket     schema.Values `json:"bucketConfiguration,omitempty"` // of a cloud blob store
	Members    []string      `json:"members,omitempty"`             // of a group
	FillPolicy string        `json:"fillPolicy,omitempty"`
}

// Metrics count all blobs that have not been compacted, deleted ones included.
type Metrics struct {
	Count int64 `json:"blobCount"`
	Size  int64 `json:"totalSizeInBytes"`
}

// Errors of Create and Update.
var (
	ErrNameTaken   = errors.New("name is taken")
	ErrPathTaken   = errors.New("path is taken")
	ErrNotWritable = errors.New("path cannot be written")
)

// Manager holds all blob stores.
type Manager struct {
	dataDir  string
	records  *database.Collection[Record]
	metrics  *database.Collection[Metrics]
	database *database.Database
	mutex    sync.Mutex // serializes changes
	full     atomic.Bool
	assets   sync.Map // repository instance -> *Assets
}

// NewManager opens the blob stores; on the first start it creates the blob store default.
func NewManager(d *database.Database, dataDir string) (*Manager, error) {
	records, err := database.NewCollection[Record](d, "blobstores")
	if err != nil {
		return nil, err
	}
	metrics, err := database.NewCollection[Metrics](d, "blobstore-metrics")
	if err != nil {
		return nil, err
	}
	manager := &Manager{dataDir: dataDir, records: records, metrics: metrics, database: d}
	if len(records.All()) == 0 {
		err = manager.Create(Record{Name: "default", Type: File, Path: "default"})
	}
	return manager, err
}

// All lists the blob stores in the order of their creation.
func (m *Manager) All() []Record { return m.records.All() }

// Get finds a blob store by its exact name.
func (m *Manager) Get(name string) (Record, bool) { return m.records.Get(name) }

// Find finds a blob store by its name, ignoring case.
func (m *Manager) Find(name string) (Record, bool) {
	if record, ok := m.records.Get(name); ok {
		return record, true
	}
	return m.records.Find(func(r Record) bool { return strings.EqualFold(r.Name, name) })
}

// Metrics returns the counters of a blob store; a group has the sums of its members.
func (m *Manager) Metrics(name string) Metrics {
	metrics, _ := m.metrics.Get(name)
	record, _ := m.records.Get(name)
	registries := m.registryMetrics(record)
	metrics.Count += registries.Count
	metrics.Size += registries.Size
	for _, member := range record.Members {
		of := m.Metrics(member)
		metrics.Count += of.Count
		metrics.Size += of.Size
	}
	return metrics
}

// recorded returns the counters of the blobs with records, without those of docker registries.
func (m *Manager) recorded(name string) Metrics {
	metrics, _ := m.metrics.Get(name)
	return metrics
}

// Create adds a blob store and creates its directory.
func (m *Manager) Create(record Record) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, taken := m.Find(record.Name); taken {
		return ErrNameTaken
	}
	if record.Type == File {
		if m.pathTaken(record) {
			return ErrPathTaken
		}
		if err := m.prepare(record); err != nil {
			return err
		}
	}
	if _, err := m.metrics.Delete(record.Name); err != nil {
		return err
	}
	return m.records.Put(record.Name, record)
}

// Update replaces the configuration; stored files are not moved.
func (m *Manager) Update(record Record) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if record.Type == File {
		if m.pathTaken(record) {
			return ErrPathTaken
		}
		if err := m.prepare(record); err != nil {
			return err
		}
	}
	return m.records.Put(record.Name, record)
}

// Delete removes a blob store. Its folder is deleted only if nothing was ever stored in it.
func (m *Manager) Delete(name string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	record, _ := m.records.Get(name)
	if _, err := m.records.Delete(name); err != nil {
		return err
	}
	if record.Type != File {
		return nil
	}
	folder := m.Dir(record)
	if m.recorded(name).Count == 0 && neverUsed(folder) {
		return os.RemoveAll(folder)
	}
	return os.RemoveAll(filepath.Join(folder, "reconciliation"))
}

func neverUsed(folder string) bool {
	entries, err := os.ReadDir(filepath.Join(folder, "content"))
	return err != nil || len(entries) == 0
}

// Dir is the folder of a blob store.
func (m *Manager) Dir(record Record) string {
	if filepath.IsAbs(record.Path) {
		return record.Path
	}
	return filepath.Join(m.dataDir, "blobs", record.Path)
}

func (m *Manager) prepare(record Record) error {
	folder := m.Dir(record)
	if err := os.MkdirAll(filepath.Join(folder, "content"), 0o755); err != nil {
		return ErrNotWritable
	}
	file := filepath.Join(folder, "metadata.properties")
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if err := os.WriteFile(file, []byte("type=file/1\n"), 0o644); err != nil {
		return ErrNotWritable
	}
	return nil
}

func (m *Manager) pathTaken(record Record) bool {
	folder := m.Dir(record)
	for _, other := range m.records.All() {
		if other.Name == record.Name || other.Type != File {
			continue
		}
		taken := m.Dir(other)
		if folder == taken || within(folder, taken) || within(taken, folder) {
			return true
		}
	}
	return false
}

func within(inner, outer string) bool {
	relative, err := filepath.Rel(outer, inner)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, "../")
}

// Available is the free space of the file system of a blob store.
func (m *Manager) Available(record Record) int64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(m.Dir(record), &stat); err != nil {
		return 0
	}
	return int64(stat.Bavail) * stat.Bsize
}
