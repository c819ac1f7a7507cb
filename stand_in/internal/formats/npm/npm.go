// Package npm serves npm repositories.
//
// Packages are stored like in Nexus: the document under the name of the package, the archives under <name>/-/<file>.
package npm

import (
	"net/http"
	"path"
	"strings"
	"sync"

	"repository-store/nexus-stand-in/internal/content"
)

// Format is the format npm.
type Format struct{}

// Source opens archives, and documents with the stored archive URLs.
func (Format) Source(repository *content.Repository) content.Source {
	switch repository.Type {
	case content.Proxy:
		return newProxySource(repository)
	case content.Group:
		return groupSource{content.FirstSource{Group: repository}}
	}
	return &hosted{repository: repository}
}

// Coordinates identify the component of an archive; documents have none.
func (Format) Coordinates(file string) content.Coordinates {
	name, archive, ok := strings.Cut(file, "/-/")
	if !ok {
		return content.Coordinates{}
	}
	scope, bare := splitScope(name)
	version := strings.TrimSuffix(strings.TrimPrefix(archive, bare+"-"), ".tgz")
	return content.Coordinates{Group: scope, Name: bare, Version: version}
}

func splitScope(name string) (scope, bare string) {
	if scope, bare, ok := strings.Cut(name, "/"); ok && strings.HasPrefix(scope, "@") {
		return scope[1:], bare
	}
	return "", name
}

func archivePath(name, file string) string { return name + "/-/" + path.Base(file) }

// Handler serves a repository.
func (Format) Handler(repository *content.Repository) http.Handler {
	h := &handler{repository: repository}
	h.hosted, _ = repository.Source.(*hosted)
	return h
}

type handler struct {
	repository *content.Repository
	hosted     *hosted // nil for proxies and groups
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := content.CleanPath(r.URL.Path)
	if !ok {
		writeError(w, content.ErrNotFound)
		return
	}
	switch {
	case strings.HasPrefix(file, "-/"):
		h.serveService(w, r, strings.TrimPrefix(file, "-/"))
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		h.serveRead(w, r, file)
	case h.hosted == nil:
		methodNotAllowed(w)
	case r.Method == http.MethodPut:
		h.servePut(w, r, file)
	case r.Method == http.MethodDelete:
		h.serveDelete(w, file)
	default:
		methodNotAllowed(w)
	}
}

// target is the parsed path of a package.
type target struct {
	name     string // of the package
	archive  string // file name, or ""
	version  string // version or tag, or ""
	revision bool   // the path ends in /-rev/<revision>
}

func parseTarget(file string) target {
	file, _, revision := strings.Cut(file, "/-rev/")
	t := target{revision: revision}
	if name, archive, ok := strings.Cut(file, "/-/"); ok {
		t.name, t.archive = name, archive
		return t
	}
	t.name = file
	segments := strings.Split(file, "/")
	length := 1
	if strings.HasPrefix(file, "@") {
		length = 2
	}
	if len(segments) == length+1 {
		t.name, t.version = strings.Join(segments[:length], "/"), segments[length]
	}
	return t
}

func (h *handler) serveRead(w http.ResponseWriter, r *http.Request, file string) {
	switch t := parseTarget(file); {
	case t.archive != "":
		content.ServeSource(w, r, h.repository.Source, file)
	case t.version != "":
		h.serveVersion(w, r, t)
	default:
		h.serveDocument(w, r, t.name)
	}
}

func (h *handler) base(r *http.Request) string {
	return content.BaseURL(r) + "/repository/" + h.repository.Name
}

func (h *handler) serveDocument(w http.ResponseWriter, r *http.Request, name string) {
	opened, err := h.repository.Source.Open(r.Context(), name)
	if err != nil {
		writeError(w, err)
		return
	}
	defer opened.Close()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodHead {
		return
	}
	if err := rewriteArchives(w, opened.File, h.base(r), name); err != nil {
		panic(http.ErrAbortHandler) // the client must notice that the document is incomplete
	}
}

func (h *handler) serveVersion(w http.ResponseWriter, r *http.Request, t target) {
	document, err := readDocument(r.Context(), h.repository.Source, t.name)
	if err != nil {
		writeError(w, err)
		return
	}
	version := t.version
	if tagged, ok := document.Tags[version]; ok {
		version = tagged
	}
	body, ok := document.Versions[version]
	if !ok {
		writeError(w, content.ErrNotFound)
		return
	}
	body, err = withArchive(body, h.base(r)+"/"+archivePath(t.name, archiveOf(body)))
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// locks serialize the changes of a package.
type locks struct {
	mutex sync.Mutex
	held  map[string]*lock
}

type lock struct {
	sync.Mutex
	users int
}

func (l *locks) lock(name string) (unlock func()) {
	l.mutex.Lock()
	if l.held == nil {
		l.held = map[string]*lock{}
	}
	one := l.held[name]
	if one == nil {
		one = &lock{}
		l.held[name] = one
	}
	one.users++
	l.mutex.Unlock()
	one.Lock()
	return func() {
		one.Unlock()
		l.mutex.Lock()
		defer l.mutex.Unlock()
		if one.users--; one.users == 0 {
			delete(l.held, name)
		}
	}
}
