// Package dockerrepo serves docker repositories: hosted ones with the CNCF registry as a library, proxies with that
// registry as their cache, and groups through the handlers of their members.
//
// Handlers serve the paths /v2/... and /v1/... without access control; WithAccess adds the authentication of Nexus (basic
// challenge, or bearer tokens of the DockerToken realm).
package dockerrepo

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Handler is a running docker repository.
type Handler interface {
	http.Handler
	io.Closer
}

// Image is a tagged manifest of a hosted repository or of the cache of a proxy.
type Image struct {
	Name, Tag, Digest string
	Size              int64 // bytes of the manifest and everything it references
	Modified          time.Time
}

// Lister is a Handler that can list its images.
type Lister interface {
	Images(ctx context.Context) ([]Image, error)
}
