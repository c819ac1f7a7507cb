// Package maven is the maven2 format.
package maven

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// Format implements content.Format and content.Uploader.
type Format struct{}

// Source opens what is stored, what the remote has, or what the members have: their maven-metadata.xml merged.
func (Format) Source(r *content.Repository) content.Source {
	switch r.Type {
	case content.Proxy:
		return content.ProxySource{Proxy: r, Metadata: isMetadata, Check: func(path string, staged *content.Staged, _ string) error {
			return r.CheckType(path, staged)
		}, Attributes: func(path string) map[string]string { return parse(path).attributes() }}
	case content.Group:
		return groupSource{group: r}
	}
	return content.StoreSource{Store: r.Store}
}

// Coordinates are those of the Maven layout; other files belong to no component.
func (Format) Coordinates(path string) content.Coordinates { return parse(path).coordinates() }

// Handler answers reads, and writes to hosted repositories.
func (Format) Handler(r *content.Repository) http.Handler {
	h := handler{r}
	if r.Type != content.Hosted {
		return content.Methods{Get: h.get}
	}
	return content.Methods{Get: h.get, Put: h.put, Delete: h.delete}
}

type handler struct{ repository *content.Repository }

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	path, ok := content.CleanPath(r.URL.Path)
	if !ok || strings.HasSuffix(r.URL.Path, "/") {
		content.WriteStatus(w, r, http.StatusNotFound, "There is no file of that name")
		return
	}
	if !isMetadata(path) {
		content.Disposition(w, r, cmp.Or(h.repository.Text("contentDisposition"), "INLINE"))
	}
	content.ServeSource(w, r, h.repository.Source, path)
}

func (h handler) put(w http.ResponseWriter, r *http.Request) {
	path, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusBadRequest, "There is no file of that name")
		return
	}
	if err := checkPath(h.repository, path); err != nil {
		content.WriteError(w, r, err)
		return
	}
	repository := *h.repository
	if isMetadata(path) && repository.WritePolicy == content.AllowOnce {
		repository.WritePolicy = content.Allow // deploying a second version replaces the metadata
	}
	check := func(staged *content.Staged) error { return repository.CheckType(path, staged) }
	content.Receive(w, r, &repository, path, content.PutOptions{Attributes: parse(path).attributes()}, check)
}

func (h handler) delete(w http.ResponseWriter, r *http.Request) {
	path, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusBadRequest, "There is no file of that name")
		return
	}
	content.Remove(w, r, h.repository, path)
}

// checkPath applies the layout and version policies.
func checkPath(r *content.Repository, path string) error {
	known := parse(path) != nil || isMetadata(path)
	if !known && r.Text("layoutPolicy") == "STRICT" {
		return fmt.Errorf("%w: %s is no path of the Maven layout", content.ErrInvalid, path)
	}
	if !known || isMetadata(path) && !isSnapshot(path) {
		return nil
	}
	policy := r.Text("versionPolicy")
	if policy == "RELEASE" && isSnapshot(path) || policy == "SNAPSHOT" && !isSnapshot(path) {
		return fmt.Errorf("%w: version policy %s does not allow %s", content.ErrInvalid, policy, path)
	}
	return nil
}
