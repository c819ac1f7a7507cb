// Package pypi serves PyPI repositories: the simple index of PEP 503, and uploads as twine sends them.
//
// Files are stored like in Nexus, under packages/<name>/<version>/<file>; the index is generated from them.
package pypi

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// Format is the format pypi.
type Format struct{}

const (
	packages = "packages/"
	simple   = "simple/"
)

// index is the Source of a repository of any type.
type index interface {
	content.Source
	// links lists the files of a project, given by its normalized name. It returns ErrNotFound if there are none.
	links(ctx context.Context, project string) ([]link, error)
	projects(ctx context.Context) ([]string, error)
}

// Source opens files.
func (Format) Source(repository *content.Repository) content.Source {
	switch repository.Type {
	case content.Proxy:
		return newProxy(repository)
	case content.Group:
		return group{content.FirstSource{Group: repository}}
	}
	return hosted{repository}
}

// Coordinates are parsed from the path.
func (Format) Coordinates(file string) content.Coordinates {
	segments := strings.Split(file, "/")
	if len(segments) != 4 || segments[0]+"/" != packages {
		return content.Coordinates{}
	}
	return content.Coordinates{Name: segments[1], Version: segments[2]}
}

// Handler serves a repository.
func (Format) Handler(repository *content.Repository) http.Handler { return handler{repository} }

type handler struct{ repository *content.Repository }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file := strings.TrimLeft(r.URL.Path, "/")
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		h.serveRead(w, r, file)
	case h.repository.Type != content.Hosted:
		methodNotAllowed(w, r, "GET, HEAD")
	case r.Method == http.MethodPost && file == "":
		h.serveUpload(w, r)
	case r.Method == http.MethodDelete:
		h.serveDelete(w, r, file)
	default:
		methodNotAllowed(w, r, "GET, HEAD, POST, DELETE")
	}
}

func methodNotAllowed(w http.ResponseWriter, r *http.Request, allowed string) {
	w.Header().Set("Allow", allowed)
	content.WriteStatus(w, r, http.StatusMethodNotAllowed, "method not allowed")
}

func (h handler) serveRead(w http.ResponseWriter, r *http.Request, file string) {
	source := h.repository.Source.(index)
	project, isProject := strings.CutPrefix(file, simple)
	switch {
	case file+"/" == simple:
		redirect(w, file+"/")
	case file == simple:
		h.serveProjects(w, r, source)
	case isProject && strings.HasSuffix(project, "/"):
		h.serveProject(w, r, source, normalize(strings.TrimSuffix(project, "/")))
	case isProject && !strings.Contains(project, "/"):
		redirect(w, project+"/")
	default:
		cleaned, ok := content.CleanPath(file)
		if !ok || !strings.HasPrefix(cleaned, packages) {
			content.WriteError(w, r, content.ErrNotFound)
			return
		}
		content.ServeSource(w, r, source, cleaned)
	}
}

// redirect redirects to a sibling; the URL is relative, so that it works behind a reverse proxy.
func redirect(w http.ResponseWriter, neighbour string) {
	w.Header().Set("Location", "./"+neighbour)
	w.WriteHeader(http.StatusMovedPermanently)
}

func (h handler) serveProjects(w http.ResponseWriter, r *http.Request, source index) {
	projects, err := source.projects(r.Context())
	if err != nil {
		content.WriteError(w, r, err)
		return
	}
	writeProjects(w, projects)
}

func (h handler) serveProject(w http.ResponseWriter, r *http.Request, source index, project string) {
	links, err := source.links(r.Context(), project)
	if err != nil {
		content.WriteError(w, r, err)
		return
	}
	writeLinks(w, project, links)
}

func (h handler) serveDelete(w http.ResponseWriter, r *http.Request, file string) {
	err := h.repository.CheckDelete()
	if err == nil {
		err = deleteFile(h.repository.Store, file)
	}
	if err != nil {
		content.WriteError(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func deleteFile(store content.Store, file string) error {
	cleaned, ok := content.CleanPath(file)
	if !ok {
		return content.ErrNotFound
	}
	found, err := store.Delete(cleaned)
	if err == nil && !found {
		return fmt.Errorf("%w: %s", content.ErrNotFound, path.Base(cleaned))
	}
	return err
}
