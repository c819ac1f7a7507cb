package dockerrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"sync"

	"github.com/distribution/distribution/v3"
	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"

	"repository-store/nexus-stand-in/internal/content"
)

const maxManifestSize = 4 << 20 // the CNCF registry's own limit

type hosted struct {
	*registry
	repo *content.Repository
}

// NewHosted serves the images under root.
func NewHosted(root string, repo *content.Repository) (Handler, error) {
	registry, err := newRegistry(root)
	if err != nil {
		return nil, fmt.Errorf("docker repository %s: %w", repo.Name, err)
	}
	return &hosted{registry: registry, repo: repo}, nil
}

func (h *hosted) Close() error { return nil }

func (h *hosted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := routeOf(r)
	switch {
	case route.version1():
		serveV1(w, r, route, h.repo, h.searchImages)
	case isRead(r):
		h.registry.ServeHTTP(w, r)
	case h.repo.WritePolicy == content.Deny:
		h.refuseWrite(w, "Repository is read-only")
	case r.Method == http.MethodPut && route.kind == kindManifest && !route.byDigest():
		h.putTag(w, r, route)
	default:
		h.registry.ServeHTTP(w, r)
	}
}

// refuseWrite answers like Nexus: with the code of an invalid upload and the reason in the detail.
func (h *hosted) refuseWrite(w http.ResponseWriter, why string) {
	writeErrorEntry(w, http.StatusBadRequest,
		errorEntry{Code: codeUploadInvalid, Message: "blob upload invalid", Detail: why + ": " + h.repo.Name})
}

// tagLocks serialize the write policy check and the push of a tag, across all handlers.
var tagLocks [64]sync.Mutex

func (h *hosted) tagLock(route route) *sync.Mutex {
	hash := fnv.New32a()
	fmt.Fprintf(hash, "%s\x00%s\x00%s\x00%s", h.repo.Name, h.repo.Instance, route.name, route.reference)
	return &tagLocks[hash.Sum32()%uint32(len(tagLocks))]
}

func (h *hosted) putTag(w http.ResponseWriter, r *http.Request, route route) {
	manifest, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxManifestSize))
	if err != nil {
		writeError(w, http.StatusBadRequest, codeManifestInvalid, "manifest not received: "+err.Error())
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(manifest))
	lock := h.tagLock(route)
	lock.Lock()
	defer lock.Unlock()
	if !h.mayDeploy(r.Context(), route, manifest) {
		h.refuseWrite(w, "Repository does not allow updating assets")
		return
	}
	h.registry.ServeHTTP(w, r)
}

func (h *hosted) mayDeploy(ctx context.Context, route route, manifest []byte) bool {
	if h.repo.WritePolicy != content.AllowOnce || h.repo.LatestPolicy && route.reference == "latest" {
		return true
	}
	deployed, err := h.registry.tagDigest(ctx, route.name, route.reference)
	return err != nil || deployed == digest.FromBytes(manifest)
}

var errUnknownTag = errors.New("tag unknown")

// tagDigest returns the digest of a stored tag.
func (g *registry) tagDigest(ctx context.Context, name, tag string) (digest.Digest, error) {
	ctx = g.context(ctx)
	image, err := g.image(ctx, name)
	if err != nil {
		return "", err
	}
	descriptor, err := image.Tags(ctx).Get(ctx, tag)
	if err != nil {
		return "", errUnknownTag
	}
	return descriptor.Digest, nil
}

// image opens a stored image name; ctx comes from registry.context.
func (g *registry) image(ctx context.Context, name string) (distribution.Repository, error) {
	named, err := reference.WithName(name)
	if err != nil {
		return nil, err
	}
	return g.namespace.Repository(ctx, named)
}
