// Package repositories defines, checks, stores and runs the repositories.
package repositories

import (
	"strings"
	"sync"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
	"repository-store/nexus-stand-in/internal/settings"
)

// Record is the stored definition of a repository.
type Record struct {
	Name     string        `json:"name"`
	Format   string        `json:"format"`
	Type     string        `json:"type"`
	Instance string        `json:"instance"`
	Online   bool          `json:"online"`
	Rule     string        `json:"routingRule,omitempty"`
	Parts    schema.Values `json:"parts"` // storage, proxy, docker, ... as requested
}

// BlobStore is the name of the blob store, as in the request.
func (r *Record) BlobStore() string { return r.Parts.Part("storage").String("blobStoreName") }

// Members are the members of a group.
func (r *Record) Members() []string { return r.Parts.Part("group").Strings("memberNames") }

// RemoteURL is the address of the remote of a proxy.
func (r *Record) RemoteURL() string { return r.Parts.Part("proxy").String("remoteUrl") }

// Manager holds all repositories.
type Manager struct {
	*Recipes
	records  *database.Collection[Record]
	blobs    *blobstore.Manager
	security *security.Manager
	settings *settings.Settings
	formats  map[string]content.Format
	product  string // for the User-Agent of requests to remotes

	mutex     sync.Mutex      // serializes changes
	updating  sync.Map        // instance -> struct{}: an update is in progress
	stopped   map[string]bool // instances that an update in read-only mode has stopped
	running   map[string]*Running
	runMutex  sync.Mutex
	onChanged func()
}

// NewManager opens the repositories.
func NewManager(d *database.Database, recipes *Recipes, blobs *blobstore.Manager, security *security.Manager,
	settings *settings.Settings, formats map[string]content.Format, product string) (*Manager, error) {
	records, err := database.NewCollection[Record](d, "repositories")
	m := &Manager{Recipes: recipes, records: records, blobs: blobs, security: security, settings: settings,
		formats: formats, product: product, stopped: map[string]bool{}, running: map[string]*Running{}, onChanged: func() {}}
	if err != nil {
		return nil, err
	}
	for _, record := range records.All() {
		security.RepositoryAdded(record.Format, record.Name)
	}
	return m, nil
}

// OnChanged sets a function that is called after every creation, update and deletion.
func (m *Manager) OnChanged(call func()) { m.onChanged = call }

// All lists the repositories in the order of their creation.
func (m *Manager) All() []Record { return m.records.All() }

// Find finds a repository by its name, ignoring case; of several it returns the oldest.
func (m *Manager) Find(name string) (Record, bool) {
	return m.records.Find(func(r Record) bool { return strings.EqualFold(r.Name, name) })
}

// FindTyped finds a repository if it has the format and type of the path.
func (m *Manager) FindTyped(path, name string) (Record, bool) {
	record, ok := m.Find(name)
	recipe := m.byPath[path]
	return record, ok && record.Format == recipe.format && record.Type == recipe.kind
}

// BlobStoreInUse reports whether a repository uses a blob store.
func (m *Manager) BlobStoreInUse(name string) bool {
	_, used := m.records.Find(func(r Record) bool { return strings.EqualFold(r.BlobStore(), name) })
	return used
}

// FormatOf is the format of a path such as maven/hosted.
func (m *Manager) FormatOf(path string) string { return m.byPath[path].format }

func newInstance() string { return uuid.NewString() }
