package repositories

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
)

// Running is a running repository. It is created at the first request and discarded by an update or deletion.
type Running struct {
	*content.Repository
	Record  Record
	Handler http.Handler // nil for formats without content
	Format  content.Format

	once      sync.Once
	docker    dockerrepo.Handler
	dockerErr error
}

// Run returns the repository with a name, ready to serve requests.
func (m *Manager) Run(name string) (*Running, bool) {
	record, ok := m.Find(name)
	if !ok {
		return nil, false
	}
	return m.run(record), true
}

func (m *Manager) run(record Record) *Running {
	m.runMutex.Lock()
	running := m.running[record.Instance]
	m.runMutex.Unlock()
	if running != nil {
		return running
	}
	running = m.build(record)
	m.runMutex.Lock()
	defer m.runMutex.Unlock()
	if other := m.running[record.Instance]; other != nil {
		return other
	}
	m.running[record.Instance] = running
	return running
}

func (m *Manager) build(record Record) *Running {
	repository := &content.Repository{Settings: m.contentSettings(record)}
	repository.Store = m.assets(record)
	repository.Members = func() []*content.Repository { return m.members(record.Name) }
	if record.Type == content.Proxy {
		repository.State = content.NewRemoteState()
		repository.Client = m.client(record)
	}
	running := &Running{Repository: repository, Record: record, Format: m.formats[record.Format]}
	if running.Format != nil {
		repository.Source = running.Format.Source(repository)
		running.Handler = running.Format.Handler(repository)
	}
	return running
}

// members returns the existing members of a group.
func (m *Manager) members(group string) []*content.Repository {
	record, _ := m.Find(group)
	var members []*content.Repository
	for _, name := range record.Members() {
		if running, ok := m.Run(name); ok && running.Source != nil {
			members = append(members, m.asMember(running))
		}
	}
	return members
}

// retire stops a running repository; the next request starts it again.
func (m *Manager) retire(instance string) {
	m.runMutex.Lock()
	running := m.running[instance]
	delete(m.running, instance)
	m.runMutex.Unlock()
	if running == nil {
		return
	}
	if closer, ok := running.Handler.(io.Closer); ok {
		closer.Close()
	}
	running.once.Do(func() {}) // prevents a later creation
	if running.docker != nil {
		running.docker.Close()
	}
}

// Close stops all running repositories.
func (m *Manager) Close() {
	for _, record := range m.All() {
		m.retire(record.Instance)
	}
}

// Assets gives access to the content records of a repository.
func (m *Manager) Assets(record Record) *blobstore.Assets { return m.assets(record) }

// Listed returns the stores to list for a repository: for a group those of its members at any depth, each once, without its own.
func (m *Manager) Listed(record Record) []*blobstore.Assets {
	if record.Type != content.Group {
		return []*blobstore.Assets{m.assets(record)}
	}
	var stores []*blobstore.Assets
	for _, name := range record.Members() {
		member, _ := m.Find(name)
		for _, store := range m.Listed(member) {
			if !slices.Contains(stores, store) {
				stores = append(stores, store)
			}
		}
	}
	return stores
}

// AssetsOf is Assets for the name of a repository; docker repositories have none.
func (m *Manager) AssetsOf(name string) (*blobstore.Assets, bool) {
	record, ok := m.Find(name)
	if !ok || record.IsDocker() {
		return nil, false
	}
	return m.assets(record), true
}

func (m *Manager) assets(record Record) *blobstore.Assets {
	coordinates := func(string) content.Coordinates { return content.Coordinates{} }
	if format := m.formats[record.Format]; format != nil {
		coordinates = format.Coordinates
	}
	return m.blobs.AssetsOf(record.Name, record.Instance, record.BlobStore(), coordinates)
}

func (m *Manager) contentSettings(record Record) content.Settings {
	storage := record.Parts.Part("storage")
	settings := content.Settings{
		Name: record.Name, Format: record.Format, Type: record.Type, Instance: record.Instance, Online: record.Online,
		BlobStore: record.BlobStore(), StrictContentTypeValidation: storage.Bool("strictContentTypeValidation"),
		WritePolicy: writePolicy(storage.String("writePolicy")), LatestPolicy: storage.Bool("latestPolicy"),
		Section: map[string]any{},
	}
	for _, name := range []string{"maven", "raw", "yum", "apt", "docker", "oci", "npm", "pypi"} {
		for key, value := range record.Parts.Part(name) {
			settings.Section[key] = value
		}
	}
	for _, name := range []string{"dockerProxy", "ociProxy", "aptSigning", "yumSigning"} {
		if part := record.Parts.Part(name); part != nil {
			settings.Section[name] = map[string]any(part)
		}
	}
	if record.Type == content.Proxy {
		settings.Remote = remote(record)
	}
	return settings
}

func remote(record Record) content.Remote {
	proxy, negative, client := record.Parts.Part("proxy"), record.Parts.Part("negativeCache"), record.Parts.Part("httpClient")
	authentication := client.Part("authentication")
	return content.Remote{
		URL:           strings.TrimRight(proxy.String("remoteUrl"), "/"),
		ContentMaxAge: int(proxy.Int("contentMaxAge")), MetadataMaxAge: int(proxy.Int("metadataMaxAge")),
		NegativeCache: negative.Bool("enabled"), NegativeTTL: int(negative.Int("timeToLive")),
		Blocked: client.Bool("blocked"), AutoBlock: client.Bool("autoBlock"),
		Username: authentication.String("username"), Password: authentication.String("password"),
		BearerToken: authentication.String("bearerToken"), UserAgentSuffix: client.Part("connection").String("userAgentSuffix"),
	}
}
