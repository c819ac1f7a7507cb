// Package content is what the server gives to the handlers of the repository formats: the settings of a repository,
// the place where its assets are kept, and the parts that proxies and groups of all formats have in common.
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

// Settings are the settings of one repository. They never change: an update makes a new Repository.
type Settings struct {
	Name     string
	Format   string // maven2, raw, docker, ...
	Type     string // hosted, proxy, group
	Instance string // differs from that of an earlier repository of the same name

	Online                      bool
	BlobStore                   string
	StrictContentTypeValidation bool
	WritePolicy                 string
	LatestPolicy                bool
	Remote                      Remote
	Section                     map[string]any // the format's own part of the settings: docker{...}, yum{...}, ...
}

// Remote is what a proxy repository knows of its remote.
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

// Bool returns a boolean of the format's own section, or what the server assumes when it is absent.
func (s *Settings) Bool(key string, absent bool) bool {
	if value, ok := s.Section[key].(bool); ok {
		return value
	}
	return absent
}

// Int returns a number of the format's own section, or what the server assumes when it is absent.
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

// Repository is a repository at work.
type Repository struct {
	Settings
	Store   Store                // its own content: hosted files, or the cache of a proxy or group
	Client  *http.Client         // for the remote of a proxy: credentials, trust store and HTTP proxy are set up
	Members func() []*Repository // of a group, in order; asks again each time
	Source  Source               // what Format.Source returned for it
	State   *RemoteState         // of a proxy: blocking and the negative cache
}

// Source opens the assets of one repository, whatever its type.
type Source interface {
	// Open answers ErrNotFound when there is no such asset. The caller closes the Content.
	Open(ctx context.Context, path string) (*Content, error)
}

// Format is what a repository format implements.
type Format interface {
	// Source is asked once for every repository, when it is first used; it must be cheap.
	Source(repository *Repository) Source
	// Handler answers what is under /repository/<name>; URL paths come without that prefix and begin with a slash.
	// Authentication, permissions, and the offline state have been dealt with before.
	Handler(repository *Repository) http.Handler
	// Coordinates says to which component an asset belongs; an empty Name: to none.
	Coordinates(path string) Coordinates
}

// Uploader is a Format that takes files from POST /service/rest/v1/components.
type Uploader interface {
	Upload(ctx context.Context, repository *Repository, form *UploadForm) error
}

// Coordinates name a component.
type Coordinates struct {
	Group   string `json:"group,omitempty"`
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}
