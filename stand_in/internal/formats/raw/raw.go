// Package raw is the raw format: files at any path.
package raw

import (
	"context"
	"net/http"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// Format implements content.Format and content.Uploader.
type Format struct{}

// Source opens stored files, the content of the remote, or that of the first member that has the file.
func (Format) Source(r *content.Repository) content.Source {
	switch r.Type {
	case content.Proxy:
		return content.ProxySource{Proxy: r}
	case content.Group:
		return content.FirstSource{Group: r}
	}
	return content.StoreSource{Store: r.Store}
}

// Coordinates make every file a component with its folder as the group.
func (Format) Coordinates(file string) content.Coordinates {
	return content.Coordinates{Group: path.Dir("/" + file), Name: "/" + file}
}

// Handler serves reads, and writes to hosted repositories.
func (Format) Handler(r *content.Repository) http.Handler {
	h := handler{r}
	if r.Type != content.Hosted {
		return content.Methods{Get: h.get}
	}
	return content.Methods{Get: h.get, Put: h.put, Delete: h.delete}
}

type handler struct{ repository *content.Repository }

func (h handler) path(w http.ResponseWriter, r *http.Request) (string, bool) {
	file, ok := content.CleanPath(r.URL.Path)
	if !ok {
		status := http.StatusBadRequest
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			status = http.StatusNotFound
		}
		content.WriteStatus(w, r, status, "There is no file of that name")
	}
	return file, ok
}

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	file, ok := h.path(w, r)
	if !ok {
		return
	}
	if !strings.HasSuffix(r.URL.Path, "/") {
		disposition := h.repository.Text("contentDisposition")
		if disposition == "" {
			disposition = "ATTACHMENT"
		}
		content.Disposition(w, r, disposition)
	}
	content.ServeSource(w, r, h.repository.Source, file)
}

func (h handler) put(w http.ResponseWriter, r *http.Request) {
	file, ok := h.path(w, r)
	if !ok {
		return
	}
	check := func(staged *content.Staged) error { return h.repository.CheckType(file, staged) }
	content.Receive(w, r, h.repository, file, content.PutOptions{Declared: r.Header.Get("Content-Type")}, check)
}

func (h handler) delete(w http.ResponseWriter, r *http.Request) {
	if file, ok := h.path(w, r); ok {
		content.Remove(w, r, h.repository, file)
	}
}

// Upload stores the files of a form in the directory given in the form.
func (Format) Upload(ctx context.Context, r *content.Repository, form *content.UploadForm) error {
	directory := form.Fields["raw.directory"]
	for _, file := range form.Files {
		if err := store(ctx, r, path.Join(directory, form.Fields[file.Field+".filename"]), file); err != nil {
			return err
		}
	}
	return nil
}

func store(ctx context.Context, r *content.Repository, name string, file content.UploadFile) error {
	target, ok := content.CleanPath(name)
	if !ok {
		return content.ValidationErrors{{ID: "filename", Message: "Filename '" + name + "' is not allowed"}}
	}
	if err := r.CheckWrite(target); err != nil {
		return err
	}
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	staged, err := r.Store.Stage(ctx, body)
	if err != nil {
		return err
	}
	if err := r.CheckType(target, staged); err != nil {
		r.Store.Discard(staged)
		return err
	}
	_, err = r.Store.Commit(ctx, target, staged, content.PutOptions{})
	return err
}
