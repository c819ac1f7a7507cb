// Package content is what the server offers to the repository formats: the settings of a repository, the store of its
// assets, and what proxies and groups of all formats have in common.
package content

import (
	"context"
	"net/http"
)

// The repository types and write policies, as the REST API spells them.
const (
	Hosted = "hosted"
	Proxy  = "proxy"
	Group  = "group"

	Allow     = "ALLOW"
	AllowOnce = "ALLOW_ONCE"
	Deny      = "DENY"
)

// Settings are the settings of one repository. They are immutable: an update creates a new Repository.
type Settings struct {
	Name     string
	Format   string // maven2, raw, docker, ...
	Type     string // hosted, proxy, group
	Instance string // a new one when a repository is created again under the same name

	Online                      bool
	BlobStore                   string
	StrictContentTypeValidation bool
	WritePolicy                 string
	LatestPolicy                bool
	Remote                      Remote
	Section                     map[string]any // the format's own part of the settings: docker{...}, yum{...}, ...
}

// Remote is the configuration of the remote of a proxy repository.
type Remote struct {
	URL             string // without a trailing slash
	ContentMaxAge   int    // minutes; negative: never stale
	MetadataMaxAge  int
	NegativeCache   bool
	NegativeTTL     int
	Blocked         bool
	AutoBlock       bool
	Username        string
	Password        string
	BearerToken     string
	UserAgentSuffix string
}

// Bool returns a boolean of the format's own section; absent is the default.
func (s *Settings) Bool(key string, absent bool) bool {
	if value, ok := s.Section[key].(bool); ok {
		return value
	}
	return absent
}

// Int returns a number of the format's own section; absent is the default.
func (s *Settings) Int(key string, absent int) int {
	switch value := s.Section[key].(type) {
	case float64:
		return int(value)
	case int64:
		return int(value)
	case int:
		return value
	}
	return absent
}

// Text returns a string of the format's own section, or "" when it is absent.
func (s *Settings) Text(key string) string {
	value, _ := s.Section[key].(string)
	return value
}

// Repository is a running repository.
type Repository struct {
	Settings
	Store   Store                // hosted files, or the cache of a proxy or group
	Client  *http.Client         // of a proxy, for its remote: with credentials, trust store and HTTP proxy
	Members func() []*Repository // of a group, in order, looked up at each call
	Source  Source               // the result of Format.Source
	State   *RemoteState         // of a proxy: blocking and the negative cache
}

// Source opens the assets of one repository, whatever its type.
type Source interface {
	// Open returns ErrNotFound if there is no such asset. The caller closes the Content.
	Open(ctx context.Context, path string) (*Content, error)
}

// Format is what a repository format implements.
type Format interface {
	// Source is called once for each repository, at its first use; it must be cheap.
	Source(repository *Repository) Source
	// Handler serves /repository/<name>; URL paths come without that prefix and begin with a slash. Authentication,
	// permissions and the offline state have been checked before.
	Handler(repository *Repository) http.Handler
	// Coordinates returns the component of an asset; an empty Name means none.
	Coordinates(path string) Coordinates
}

// Uploader is a Format that accepts POST /service/rest/v1/components.
type Uploader interface {
	Upload(ctx context.Context, repository *Repository, form *UploadForm) error
}

// Coordinates identify a component.
type Coordinates struct {
	Group   string `json:"group,omitempty"`
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}
