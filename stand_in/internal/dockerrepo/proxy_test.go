package dockerrepo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"repository-store/nexus-stand-in/internal/content"
)

// upstream is a remote registry that counts requests and can be broken.
type upstream struct {
	*httptest.Server
	status   atomic.Int32 // sent instead of the answer, if not 0
	requests atomic.Int32
	truncate atomic.Bool
}

func newUpstream(t *testing.T, handler http.Handler) *upstream {
	u := &upstream{}
	u.Server = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.requests.Add(1)
		if status := u.status.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		if u.truncate.Load() && routeOf(r).kind == kindBlob {
			w.Header().Set("Content-Length", "4096")
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write([]byte("the beginning"))
			return
		}
		handler.ServeHTTP(w, r)
	}))
	return u
}

func TestProxyPullsThroughAndWorksOffline(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	image := push(t, origin.Server, "team/app:1")
	server := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.MetadataMaxAge = 0 }))
	mustPull(t, server, "team/app:1", image)
	origin.status.Store(http.StatusServiceUnavailable)
	mustPull(t, server, "team/app:1", image)
	mustPull(t, server, "team/app@"+digestOf(t, image), image)
	if got := call(t, "GET", server.URL+"/v2/team/app/tags/list", ""); !strings.Contains(got.body, `["1"]`) {
		t.Fatalf("tags while the remote is down: %d %s", got.status, got.body)
	}
	if got := call(t, "GET", server.URL+"/v2/_catalog", ""); !strings.Contains(got.body, `["team/app"]`) {
		t.Fatalf("catalog %s", got.body)
	}
	wantError(t, call(t, "GET", server.URL+"/v2/team/other/manifests/1", ""), 502, codeUnknown)
}

func TestProxyAsksAgainWhenTheTagIsStale(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	old := push(t, origin.Server, "app:1")
	always := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.MetadataMaxAge = 0 }))
	var state *content.RemoteState
	never := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.MetadataMaxAge, state = -1, r.State }))
	mustPull(t, always, "app:1", old)
	mustPull(t, never, "app:1", old)
	renewed := push(t, origin.Server, "app:1")
	mustPull(t, always, "app:1", renewed)
	mustPull(t, never, "app:1", old)
	state.Invalidate()
	mustPull(t, never, "app:1", renewed)
}

func TestProxyServesCachedBlobsWithoutTheRemote(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	image := push(t, origin.Server, "app:1")
	server := serve(t, newTestProxy(t, origin.URL, nil))
	layer := server.URL + "/v2/app/blobs/" + firstLayer(t, image)
	wantStatus(t, call(t, "HEAD", layer, ""), 200)
	part := call(t, "GET", layer, "", "Range", "bytes=0-9")
	if part.status != 206 || len(part.body) != 10 {
		t.Fatalf("range of a blob that is not cached: %d, %d bytes", part.status, len(part.body))
	}
	mustPull(t, server, "app:1", image)
	before := origin.requests.Load()
	part = call(t, "GET", layer, "", "Range", "bytes=0-9")
	if part.status != 206 || len(part.body) != 10 || origin.requests.Load() != before {
		t.Fatalf("range of a cached blob: %d, %d bytes, %d requests", part.status, len(part.body), origin.requests.Load()-before)
	}
}

func TestProxyDoesNotKeepATruncatedBlob(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	image := push(t, origin.Server, "app:1")
	server := serve(t, newTestProxy(t, origin.URL, nil))
	origin.truncate.Store(true)
	response, err := http.Get(server.URL + "/v2/app/blobs/" + firstLayer(t, image))
	if err == nil {
		body := make([]byte, 8192)
		for err == nil {
			_, err = response.Body.Read(body)
		}
		response.Body.Close()
		if err.Error() == "EOF" {
			t.Fatal("the client accepted a truncated blob")
		}
	}
	origin.truncate.Store(false)
	mustPull(t, server, "app:1", image)
}

func TestProxyMapsRemoteErrors(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	server := serve(t, newTestProxy(t, origin.URL, nil))
	wantError(t, call(t, "GET", server.URL+"/v2/no/manifests/1", ""), 404, codeManifestUnknown)
	wantError(t, call(t, "GET", server.URL+"/v2/no/blobs/sha256:"+strings.Repeat("0", 64), ""), 404, codeBlobUnknown)
	wantError(t, call(t, "GET", server.URL+"/v2/no/tags/list", ""), 404, codeNameUnknown)
	origin.status.Store(http.StatusUnauthorized)
	wantError(t, call(t, "GET", server.URL+"/v2/no/manifests/2", ""), 404, codeManifestUnknown)
	origin.status.Store(http.StatusTooManyRequests)
	wantError(t, call(t, "GET", server.URL+"/v2/no/manifests/3", ""), 429, codeTooMany)

	dead := serve(t, newTestProxy(t, "http://127.0.0.1:1", func(r *content.Repository) { r.Remote.AutoBlock = true }))
	wantError(t, call(t, "GET", dead.URL+"/v2/app/manifests/1", ""), 502, codeUnknown)
	wantError(t, call(t, "GET", dead.URL+"/v2/app/manifests/1", ""), 404, codeManifestUnknown) // the remote is blocked now
}

func TestProxyRemembersWhatIsMissing(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	server := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.NegativeCache, r.Remote.NegativeTTL = true, 60 }))
	wantStatus(t, call(t, "GET", server.URL+"/v2/no/manifests/1", ""), 404)
	before := origin.requests.Load()
	wantError(t, call(t, "GET", server.URL+"/v2/no/manifests/1", ""), 404, codeManifestUnknown)
	if origin.requests.Load() != before {
		t.Fatal("the remote was asked again")
	}
}

func TestProxyLogsInAtTheRemote(t *testing.T) {
	for name, bearer := range map[string]bool{"basic": false, "bearer": true} {
		t.Run(name, func(t *testing.T) {
			stored := newTestHosted(t)
			repo := settings("docker-hosted", "hosted")
			repo.Section["forceBasicAuth"] = !bearer
			origin := serve(t, WithAccess(&people{realm: bearer}, NewTokens(), repo, stored))
			image := push(t, origin, "app:1", asUser("admin", "admin"))
			right := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.Username, r.Remote.Password = "reader", "reader" }))
			mustPull(t, right, "app:1", image)
			wrong := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.Username, r.Remote.Password = "reader", "x" }))
			wantError(t, call(t, "GET", wrong.URL+"/v2/app/manifests/1", ""), 502, codeUnknown)
		})
	}
}

func TestProxyRefusesWrites(t *testing.T) {
	server := serve(t, newTestProxy(t, "http://127.0.0.1:1", nil))
	wantError(t, call(t, "POST", server.URL+"/v2/app/blobs/uploads/", ""), 405, codeUnsupported)
	wantError(t, call(t, "PUT", server.URL+"/v2/app/manifests/1", "{}"), 405, codeUnsupported)
	wantError(t, call(t, "DELETE", server.URL+"/v2/app/manifests/1", ""), 405, codeUnsupported)
}

func TestProxyOfDockerHubKnowsOfficialImages(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	image := push(t, origin.Server, "library/alpine:3")
	server := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) {
		r.Section["dockerProxy"] = map[string]any{"indexType": "HUB"}
	}))
	mustPull(t, server, "alpine:3", image)
	mustPull(t, server, "library/alpine:3", image)
}

func TestProxyOfAnIndex(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	index, _ := random.Index(512, 1, 2)
	if err := remote.WriteIndex(imageRef(t, origin.Server, "multi:1"), index); err != nil {
		t.Fatal(err)
	}
	server := serve(t, newTestProxy(t, origin.URL, nil))
	got, err := remote.Index(imageRef(t, server, "multi:1"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, _ := got.IndexManifest()
	for _, descriptor := range manifest.Manifests {
		image, _ := index.Image(descriptor.Digest)
		mustPull(t, server, "multi@"+descriptor.Digest.String(), image)
	}
}
