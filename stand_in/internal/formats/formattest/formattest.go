// Package formattest runs repositories for tests of the formats like the server does: on a real content store, under
// /repository/<name>/.
package formattest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/database"
)

// Lab holds repositories of one format and serves them.
type Lab struct {
	*httptest.Server
	t        *testing.T
	format   content.Format
	blobs    *blobstore.Manager
	mutex    sync.Mutex
	handlers map[string]http.Handler
	types    map[string]string
	broken   map[string]bool
}

// New starts a Lab without repositories.
func New(t *testing.T, format content.Format) *Lab {
	t.Helper()
	return NewAt(t, format, t.TempDir())
}

// NewAt starts a Lab with its data in dir.
func NewAt(t *testing.T, format content.Format, dir string) *Lab {
	t.Helper()
	records, err := database.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { records.Close() })
	blobs, err := blobstore.NewManager(records, dir)
	if err != nil {
		t.Fatal(err)
	}
	lab := &Lab{t: t, format: format, blobs: blobs, handlers: map[string]http.Handler{}, types: map[string]string{}, broken: map[string]bool{}}
	lab.Server = httptest.NewServer(http.HandlerFunc(lab.serve))
	t.Cleanup(lab.Server.Close)
	return lab
}

func (l *Lab) serve(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/repository/"), "/")
	handler, kind, broken := l.find(name)
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case handler == nil:
		http.NotFound(w, r)
	case broken:
		w.WriteHeader(http.StatusServiceUnavailable)
	case kind != content.Hosted && !read && r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		inner := r.Clone(r.Context())
		inner.URL.Path = "/" + rest
		inner.URL.RawPath = ""
		handler.ServeHTTP(w, inner)
	}
}

func (l *Lab) find(name string) (handler http.Handler, kind string, broken bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.handlers[name], l.types[name], l.broken[name]
}

// Break makes a repository answer 503 from now on.
func (l *Lab) Break(name string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.broken[name] = true
}

// URL is the address of a repository, without a trailing slash.
func (l *Lab) URL(name string) string { return l.Server.URL + "/repository/" + name }

func (l *Lab) add(settings content.Settings, complete func(*content.Repository)) *content.Repository {
	settings.Online, settings.BlobStore, settings.Instance = true, "default", "instance-of-"+settings.Name
	repository := &content.Repository{Settings: settings}
	repository.Store = l.blobs.AssetsOf(settings.Name, settings.Instance, "default", l.format.Coordinates)
	complete(repository)
	repository.Source = l.format.Source(repository)
	handler := l.format.Handler(repository)
	if closer, ok := handler.(io.Closer); ok {
		l.t.Cleanup(func() { closer.Close() })
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.handlers[settings.Name], l.types[settings.Name] = handler, settings.Type
	return repository
}

// Hosted adds a hosted repository. The section is the format's own part of the settings.
func (l *Lab) Hosted(name, writePolicy string, section map[string]any) *content.Repository {
	return l.add(content.Settings{Name: name, Type: content.Hosted, WritePolicy: writePolicy, Section: section,
		StrictContentTypeValidation: true}, func(*content.Repository) {})
}

// Proxy adds a proxy whose cache is never fresh, so that every read asks the remote.
func (l *Lab) Proxy(name, remote string) *content.Repository {
	return l.add(content.Settings{Name: name, Type: content.Proxy, Remote: content.Remote{URL: remote}}, func(r *content.Repository) {
		r.Client = &http.Client{}
		r.State = content.NewRemoteState()
	})
}

// Group adds a group.
func (l *Lab) Group(name string, members ...*content.Repository) *content.Repository {
	return l.add(content.Settings{Name: name, Type: content.Group}, func(r *content.Repository) {
		r.Members = func() []*content.Repository { return members }
	})
}

// Answer is a response with its complete body.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Do sends a request; header has alternating names and values.
func (l *Lab) Do(method, address string, body io.Reader, header ...string) Answer {
	l.t.Helper()
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		l.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		l.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header, string(text)}
}

// Want sends a request and fails the test if the status differs.
func (l *Lab) Want(status int, method, address string, body io.Reader, header ...string) Answer {
	l.t.Helper()
	got := l.Do(method, address, body, header...)
	if got.Status != status {
		l.t.Fatalf("%s %s: status %d, want %d: %.300s", method, address, got.Status, status, got.Body)
	}
	return got
}

// Serve runs a handler of the test and returns its address.
func Serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
