package dockerrepo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"repository-store/nexus-stand-in/internal/content"
)

func TestPushPullDelete(t *testing.T) {
	handler := newTestHosted(t)
	server := serve(t, handler)
	image := push(t, server, "team/app:1.0")
	mustPull(t, server, "team/app:1.0", image)
	mustPull(t, server, "team/app@"+digestOf(t, image), image)

	images, err := handler.(Lister).Images(context.Background())
	if err != nil || len(images) != 1 || images[0].Name != "team/app" || images[0].Tag != "1.0" || images[0].Digest != digestOf(t, image) {
		t.Fatalf("images %+v, %v", images, err)
	}
	if images[0].Size < 4096 || time.Since(images[0].Modified) > time.Minute {
		t.Fatalf("size %d, modified %s", images[0].Size, images[0].Modified)
	}

	if err := remote.Delete(imageRef(t, server, "team/app@"+digestOf(t, image))); err != nil {
		t.Fatal(err)
	}
	wantError(t, call(t, "GET", server.URL+"/v2/team/app/manifests/1.0", "", "Accept", manifestTypes), 404, codeManifestUnknown)
}

func TestIndexPushPull(t *testing.T) {
	server := serve(t, newTestHosted(t))
	index, err := random.Index(512, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(imageRef(t, server, "multi:1"), index); err != nil {
		t.Fatal(err)
	}
	got, err := remote.Index(imageRef(t, server, "multi:1"))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := index.Digest()
	if digest, _ := got.Digest(); digest != want {
		t.Fatalf("digest %s, want %s", digest, want)
	}
}

// Windows images have such layers: clients push only the manifest, and fetch the layers from its URLs.
func TestNonDistributableLayersAreNotStored(t *testing.T) {
	server := serve(t, newTestHosted(t))
	for kind, layer := range map[string]types.MediaType{"docker": types.DockerForeignLayer, "oci": types.OCIRestrictedLayer} {
		image := push(t, server, kind+":plain")
		foreign, err := random.Layer(64, layer)
		if err != nil {
			t.Fatal(err)
		}
		image, err = mutate.Append(image, mutate.Addendum{Layer: foreign, MediaType: layer, URLs: []string{"https://layers.test/1"}})
		if err != nil {
			t.Fatal(err)
		}
		if kind == "oci" {
			image = mutate.MediaType(image, types.OCIManifestSchema1)
		}
		if err := remote.Write(imageRef(t, server, kind+":1"), image); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		got, err := remote.Image(imageRef(t, server, kind+":1"))
		if err != nil || digestOf(t, got) != digestOf(t, image) {
			t.Fatalf("%s: %v, %v", kind, got, err)
		}
	}
}

func TestTagsCatalogAndPages(t *testing.T) {
	server := serve(t, newTestHosted(t))
	for _, image := range []string{"a:1", "a:2", "a:3", "b:1"} {
		push(t, server, image)
	}
	if got := call(t, "GET", server.URL+"/v2/_catalog", ""); strings.TrimSpace(got.body) != `{"repositories":["a","b"]}` {
		t.Fatalf("catalog %s", got.body)
	}
	got := call(t, "GET", server.URL+"/v2/a/tags/list?n=2", "")
	if !strings.Contains(got.body, `"tags":["1","2"]`) || !strings.Contains(got.header.Get("Link"), "last=2") {
		t.Fatalf("first page %s, link %s", got.body, got.header.Get("Link"))
	}
}

func TestResumedUploadWithForwardedLocation(t *testing.T) {
	server := serve(t, newTestHosted(t))
	blob := strings.Repeat("0123456789", 1000)
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(blob)))

	begun := call(t, "POST", server.URL+"/v2/app/blobs/uploads/", "", "X-Forwarded-Proto", "https")
	wantStatus(t, begun, 202)
	location := begun.header.Get("Location")
	if !strings.HasPrefix(location, "https"+strings.TrimPrefix(server.URL, "http")+"/v2/app/blobs/uploads/") {
		t.Fatalf("location %s does not follow Host and X-Forwarded-Proto", location)
	}
	here := func(location string) string { return strings.Replace(location, "https://", "http://", 1) }

	first := call(t, "PATCH", here(location), blob[:4000], "Content-Range", "0-3999", "Content-Type", "application/octet-stream")
	wantStatus(t, first, 202)
	wantStatus(t, call(t, "PATCH", here(first.header.Get("Location")), blob[5000:], "Content-Range", "5000-9999"), 416)
	asked := call(t, "GET", here(first.header.Get("Location")), "")
	wantStatus(t, asked, 204)
	if asked.header.Get("Range") != "0-3999" {
		t.Fatalf("range %s", asked.header.Get("Range"))
	}
	wantStatus(t, call(t, "HEAD", server.URL+"/v2/app/blobs/"+digest, ""), 404)
	second := call(t, "PATCH", here(asked.header.Get("Location")), blob[4000:], "Content-Range", "4000-9999")
	wantStatus(t, second, 202)
	wantStatus(t, call(t, "PUT", here(second.header.Get("Location"))+"&digest="+digest, ""), 201)

	part := call(t, "GET", server.URL+"/v2/app/blobs/"+digest, "", "Range", "bytes=10-19")
	if part.status != 206 || part.body != "0123456789" {
		t.Fatalf("range: %d %q", part.status, part.body)
	}
}

func TestCrossMount(t *testing.T) {
	server := serve(t, newTestHosted(t))
	layer := firstLayer(t, push(t, server, "source:1"))
	wantStatus(t, call(t, "POST", server.URL+"/v2/target/blobs/uploads/?from=source&mount="+layer, ""), 201)
	wantStatus(t, call(t, "HEAD", server.URL+"/v2/target/blobs/"+layer, ""), 200)
}

func TestRepositoriesAreSeparate(t *testing.T) {
	one, two := serve(t, newTestHosted(t)), serve(t, newTestHosted(t))
	image := push(t, one, "app:1")
	wantError(t, call(t, "GET", two.URL+"/v2/app/manifests/1", "", "Accept", manifestTypes), 404, codeManifestUnknown)
	wantError(t, call(t, "GET", two.URL+"/v2/app/blobs/"+firstLayer(t, image), ""), 404, codeBlobUnknown)
}

func TestContentSurvivesTheHandler(t *testing.T) {
	root, repo := t.TempDir(), settings("docker-hosted", "hosted")
	image := push(t, serve(t, hostedAt(t, root, repo)), "app:1")
	mustPull(t, serve(t, hostedAt(t, root, repo)), "app:1", image)
}

func TestAllowOnce(t *testing.T) {
	repo := settings("releases", "hosted")
	repo.WritePolicy, repo.LatestPolicy = content.AllowOnce, true
	server := serve(t, hostedAt(t, t.TempDir(), repo))
	image := push(t, server, "app:1")
	push(t, server, "app:latest")
	push(t, server, "app:latest") // latestPolicy

	if err := remote.Write(imageRef(t, server, "app:1"), image, once); err != nil {
		t.Fatalf("the same image again: %v", err)
	}
	other, _ := random.Image(100, 1)
	if err := remote.Write(imageRef(t, server, "app:1"), other, once); err == nil || !strings.Contains(err.Error(), "BLOB_UPLOAD_INVALID") {
		t.Fatalf("another image under the same tag: %v", err)
	}
	mustPull(t, server, "app:1", image)
	wantStatus(t, call(t, "DELETE", server.URL+"/v2/app/manifests/"+digestOf(t, image), ""), 202)
}

func TestAllowOnceWithoutLatestPolicyAppliesToLatest(t *testing.T) {
	repo := settings("releases", "hosted")
	repo.WritePolicy = content.AllowOnce
	server := serve(t, hostedAt(t, t.TempDir(), repo))
	push(t, server, "app:latest")
	other, _ := random.Image(100, 1)
	if err := remote.Write(imageRef(t, server, "app:latest"), other, once); err == nil {
		t.Fatal("latest was redeployed")
	}
}

func TestAllowOnceRace(t *testing.T) {
	repo := settings("releases", "hosted")
	repo.WritePolicy = content.AllowOnce
	server := serve(t, hostedAt(t, t.TempDir(), repo))
	var wins, losses int
	var mutex sync.Mutex
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			image, _ := random.Image(100, 1)
			err := remote.Write(imageRef(t, server, "app:1"), image, once)
			mutex.Lock()
			defer mutex.Unlock()
			if err == nil {
				wins++
			} else {
				losses++
			}
		})
	}
	all.Wait()
	if wins != 1 || losses != 7 {
		t.Fatalf("%d pushes won, %d lost", wins, losses)
	}
}

func TestDeny(t *testing.T) {
	repo := settings("frozen", "hosted")
	root := t.TempDir()
	image := push(t, serve(t, hostedAt(t, root, repo)), "app:1")
	frozen := settings("frozen", "hosted")
	frozen.WritePolicy = content.Deny
	server := serve(t, hostedAt(t, root, frozen))
	mustPull(t, server, "app:1", image)
	wantError(t, call(t, "POST", server.URL+"/v2/app/blobs/uploads/", ""), 400, codeUploadInvalid)
	wantError(t, call(t, "PUT", server.URL+"/v2/app/manifests/2", "{}"), 400, codeUploadInvalid)
	wantError(t, call(t, "DELETE", server.URL+"/v2/app/manifests/"+digestOf(t, image), ""), 400, codeUploadInvalid)
}

func TestHandlersAreCheapAndLeakNoGoroutines(t *testing.T) {
	warm := newTestHosted(t)
	push(t, serve(t, warm), "app:1")
	http.DefaultClient.CloseIdleConnections()
	root := t.TempDir()
	before, started := runtime.NumGoroutine(), time.Now()
	for i := range 1000 {
		handler, err := NewHosted(fmt.Sprintf("%s/%d", root, i), settings("docker-hosted", "hosted"))
		if err != nil {
			t.Fatal(err)
		}
		handler.Close()
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("1000 handlers took %s", took)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
