package dockerrepo

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"repository-store/nexus-stand-in/internal/content"
)

func settings(name, kind string) *content.Repository {
	return &content.Repository{Settings: content.Settings{
		Name: name, Format: "docker", Type: kind, Online: true, WritePolicy: content.Allow,
		Section: map[string]any{"v1Enabled": true, "forceBasicAuth": true},
	}}
}

func hostedAt(t *testing.T, root string, repo *content.Repository) Handler {
	t.Helper()
	handler, err := NewHosted(root, repo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { handler.Close() })
	return handler
}

func newTestHosted(t *testing.T) Handler {
	return hostedAt(t, t.TempDir(), settings("docker-hosted", "hosted"))
}

func newTestProxy(t *testing.T, remoteURL string, change func(*content.Repository)) Handler {
	t.Helper()
	repo := settings("docker-proxy", "proxy")
	repo.Remote = content.Remote{URL: remoteURL, MetadataMaxAge: 1440, AutoBlock: false}
	repo.Client = &http.Client{Transport: &http.Transport{}}
	repo.State = content.NewRemoteState()
	if change != nil {
		change(repo)
	}
	handler, err := NewProxy(t.TempDir(), repo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { handler.Close() })
	return handler
}

func newTestGroup(t *testing.T, members ...Handler) Handler {
	t.Helper()
	handler, err := NewGroup(settings("docker-group", "group"), func() []Handler { return members })
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

func serve(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func imageRef(t *testing.T, server *httptest.Server, image string) name.Reference {
	t.Helper()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	reference, err := name.ParseReference(address.Host + "/" + image)
	if err != nil {
		t.Fatal(err)
	}
	return reference
}

func push(t *testing.T, server *httptest.Server, image string, options ...remote.Option) v1.Image {
	t.Helper()
	made, err := random.Image(2048, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(imageRef(t, server, image), made, options...); err != nil {
		t.Fatalf("push %s: %v", image, err)
	}
	return made
}

// mustPull pulls an image completely and compares it with want.
func mustPull(t *testing.T, server *httptest.Server, image string, want v1.Image, options ...remote.Option) {
	t.Helper()
	got, err := remote.Image(imageRef(t, server, image), options...)
	if err != nil {
		t.Fatalf("pull %s: %v", image, err)
	}
	if digestOf(t, got) != digestOf(t, want) {
		t.Fatalf("pull %s: digest %s, want %s", image, digestOf(t, got), digestOf(t, want))
	}
	layers, err := got.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, layer := range layers {
		body, err := layer.Compressed()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, body); err != nil { // verifies the digest
			t.Fatal(err)
		}
		body.Close()
	}
	if _, err := got.RawConfigFile(); err != nil {
		t.Fatal(err)
	}
}

func digestOf(t *testing.T, image v1.Image) string {
	t.Helper()
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

func firstLayer(t *testing.T, image v1.Image) string {
	t.Helper()
	layers, err := image.Layers()
	if err != nil {
		t.Fatal(err)
	}
	digest, err := layers[0].Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// once turns retries off: the client retries after BLOB_UPLOAD_INVALID.
var once = remote.WithRetryBackoff(remote.Backoff{Steps: 1})

type answer struct {
	status int
	header http.Header
	body   string
}

func call(t *testing.T, method, address, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// wantError checks the status and the code of an error in the JSON of the registry API.
func wantError(t *testing.T, got answer, status int, code string) {
	t.Helper()
	var errors struct {
		Errors []struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(got.body), &errors); err != nil || len(errors.Errors) == 0 {
		t.Fatalf("%d %q is not an error in the registry's JSON", got.status, got.body)
	}
	if got.status != status || errors.Errors[0].Code != code {
		t.Fatalf("got %d %s, want %d %s", got.status, got.body, status, code)
	}
}

func wantStatus(t *testing.T, got answer, status int) {
	t.Helper()
	if got.status != status {
		t.Fatalf("got %d %s, want %d", got.status, got.body, status)
	}
}
