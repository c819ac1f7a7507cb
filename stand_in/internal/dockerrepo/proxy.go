package dockerrepo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/distribution/distribution/v3"
	"github.com/distribution/distribution/v3/registry/storage"
	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"repository-store/nexus-stand-in/internal/content"
)

// proxy caches what it fetches in its own registry, which serves the requests.
type proxy struct {
	*registry
	repo   *content.Repository
	remote *upstreamRegistry
}

// NewProxy serves the images of a remote registry, cached under root.
func NewProxy(root string, repo *content.Repository) (Handler, error) {
	registry, err := newRegistry(root)
	if err != nil {
		return nil, fmt.Errorf("docker repository %s: %w", repo.Name, err)
	}
	return &proxy{registry: registry, repo: repo, remote: newRemote(repo)}, nil
}

func (p *proxy) Close() error {
	p.repo.Client.CloseIdleConnections()
	return nil
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := routeOf(r)
	if route.version1() {
		serveV1(w, r, route, p.repo, p.search)
		return
	}
	if !isRead(r) || route.kind == kindUpload {
		writeError(w, http.StatusMethodNotAllowed, codeUnsupported, "repository "+p.repo.Name+" is a proxy: images cannot be pushed to it or deleted")
		return
	}
	if route.name != "" {
		route.name = p.remoteName(route.name)
		r = withPath(r, route.path())
	}
	switch route.kind {
	case kindManifest:
		p.serveManifest(w, r, route)
	case kindBlob:
		p.serveBlob(w, r, route)
	case kindTags, kindReferrers:
		p.serveList(w, r, route)
	default:
		p.registry.ServeHTTP(w, r)
	}
}

func withPath(r *http.Request, path string) *http.Request {
	changed := r.Clone(r.Context())
	changed.URL.Path, changed.URL.RawPath = path, ""
	return changed
}

// remoteName is the name at the remote: official images of Docker Hub are called library/<name>.
func (p *proxy) remoteName(name string) string {
	dockerProxy, _ := p.repo.Section["dockerProxy"].(map[string]any)
	if strings.Contains(name, "/") || dockerProxy["indexType"] != "HUB" {
		return name
	}
	return "library/" + name
}

func (p *proxy) serveManifest(w http.ResponseWriter, r *http.Request, route route) {
	if err := p.cacheManifest(r.Context(), route); err != nil {
		serveFailure(w, route, err)
		return
	}
	p.registry.ServeHTTP(w, r)
}

func serveFailure(w http.ResponseWriter, route route, err error) {
	var answer *apiError
	switch {
	case errors.As(err, &answer):
		answer.serve(w)
	case errors.Is(err, errBlocked):
		notFound(route).serve(w)
	default:
		writeError(w, http.StatusInternalServerError, codeUnknown, err.Error())
	}
}

// cacheManifest makes sure that the cache has the manifest. If the remote fails, a stale cached manifest is used.
func (p *proxy) cacheManifest(ctx context.Context, route route) error {
	cached, fresh := p.cachedManifest(ctx, route)
	if fresh {
		return nil
	}
	err := p.fetchManifest(ctx, route)
	if cached {
		return nil
	}
	return err
}

func (p *proxy) cachedManifest(ctx context.Context, route route) (cached, fresh bool) {
	reference := digest.Digest(route.reference)
	if !route.byDigest() {
		var err error
		if reference, err = p.registry.tagDigest(ctx, route.name, route.reference); err != nil {
			return false, false
		}
	}
	if !p.registry.hasManifest(ctx, route.name, reference) {
		return false, false
	}
	return true, route.byDigest() || p.tagIsFresh(ctx, route)
}

func (p *proxy) tagIsFresh(ctx context.Context, route route) bool {
	verified, err := p.registry.taggedAt(p.registry.context(ctx), route.name, route.reference)
	if err != nil || verified.Before(p.repo.State.Invalidated()) {
		return false
	}
	age := p.repo.Remote.MetadataMaxAge
	return age < 0 || time.Since(verified) < time.Duration(age)*time.Minute
}

func (p *proxy) fetchManifest(ctx context.Context, route route) error {
	if p.repo.Remote.NegativeCache && p.repo.State.KnownMissing(route.path()) {
		return notFound(route)
	}
	mediaType, body, err := p.remote.manifest(ctx, route)
	if err != nil {
		p.rememberMissing(route, err)
		return err
	}
	if route.byDigest() && digest.FromBytes(body).String() != route.reference {
		return p.remote.failed(fmt.Errorf("manifest %s has another digest", route.reference))
	}
	manifest, descriptor, err := distribution.UnmarshalManifest(mediaType, body)
	if err != nil {
		return p.remote.failed(fmt.Errorf("manifest of %s: %w", route.name, err))
	}
	return p.registry.storeManifest(ctx, route, manifest, descriptor)
}

func (p *proxy) rememberMissing(route route, err error) {
	var answer *apiError
	if p.repo.Remote.NegativeCache && errors.As(err, &answer) && answer.status == http.StatusNotFound {
		p.repo.State.Missing(route.path(), time.Duration(p.repo.Remote.NegativeTTL)*time.Minute)
	}
}

func (g *registry) hasManifest(ctx context.Context, name string, reference digest.Digest) bool {
	ctx = g.context(ctx)
	image, err := g.image(ctx, name)
	if err != nil {
		return false
	}
	manifests, err := image.Manifests(ctx)
	if err != nil {
		return false
	}
	exists, err := manifests.Exists(ctx, reference)
	return err == nil && exists
}

// storeManifest stores a manifest whose layers may be missing, and its tag.
func (g *registry) storeManifest(ctx context.Context, route route, manifest distribution.Manifest, descriptor v1.Descriptor) error {
	ctx = g.context(context.WithoutCancel(ctx))
	image, err := g.image(ctx, route.name)
	if err != nil {
		return err
	}
	manifests, err := image.Manifests(ctx, storage.SkipLayerVerification())
	if err != nil {
		return err
	}
	if _, err := manifests.Put(ctx, manifest); err != nil {
		return err
	}
	if route.byDigest() {
		return nil
	}
	return image.Tags(ctx).Tag(ctx, route.reference, descriptor)
}
