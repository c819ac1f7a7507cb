// Package dockerrepo serves docker repositories: hosted ones by the CNCF registry used as a library, proxies by that
// registry as their cache, and groups over the handlers of their members.
//
// Handlers answer the paths /v2/... and /v1/... and know nothing of users; WithAccess puts the authentication of
// Nexus (basic challenge, or bearer tokens of the DockerToken realm) before them.
package dockerrepo

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Handler is a docker repository at work.
type Handler interface {
	http.Handler
	io.Closer
}

// Image is a tagged manifest of a hosted repository or in the cache of a proxy.
type Image struct {
	Name, Tag, Digest string
	Size              int64 // of the manifest and everything it names
	Modified          time.Time
}

// Lister is a Handler that can tell what it holds.
type Lister interface {
	Images(ctx context.Context) ([]Image, error)
}
