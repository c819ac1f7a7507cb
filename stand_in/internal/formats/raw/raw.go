// Package raw is the raw format: files at any path.
package raw

import (
	"context"
	"net/http"
	"path"
	"regexp"
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
		return h.rooted(content.Methods{Get: h.get})
	}
	return h.rooted(content.Methods{Get: h.get, Put: h.put, Delete: h.delete})
}

type handler struct{ repository *content.Repository }

// rooted refuses all but GET for the folder of the repository itself, and that in a group, too.
func (h handler) rooted(methods http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && (r.Method != http.MethodGet || h.repository.Type == content.Group) {
			content.WriteStatus(w, r, http.StatusBadRequest, "There is no file of that name")
			return
		}
		methods.ServeHTTP(w, r)
	})
}

// path is the path of a file; a slash at its end belongs to it, and the folder of the repository itself is none.
func (h handler) path(w http.ResponseWriter, r *http.Request) (string, bool) {
	file, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusBadRequest, "There is no file of that name")
		return "", false
	}
	return file + r.URL.Path[len(strings.TrimSuffix(r.URL.Path, "/")):], true
}

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/") {
		h.index(w, r)
		return
	}
	if file, ok := h.path(w, r); ok {
		h.serve(w, r, file)
	}
}

// index serves a folder, with the page in it.
func (h handler) index(w http.ResponseWriter, r *http.Request) {
	folder := strings.TrimPrefix(r.URL.Path, "/")
	for _, name := range []string{"index.html", "index.htm"} {
		opened, err := h.repository.Source.Open(r.Context(), folder+name)
		if err == nil {
			opened.Close()
			h.serve(w, r, folder+name)
			return
		}
	}
	h.dispose(w, r)
	content.WriteStatus(w, r, http.StatusNotFound, r.URL.Path)
}

func (h handler) serve(w http.ResponseWriter, r *http.Request, file string) {
	h.dispose(w, r)
	content.ServeSource(w, r, h.repository.Source, file)
}

func (h handler) dispose(w http.ResponseWriter, r *http.Request) {
	disposition := h.repository.Text("contentDisposition")
	if disposition == "" {
		disposition = "ATTACHMENT"
	}
	content.Disposition(w, r, disposition)
}

func (h handler) put(w http.ResponseWriter, r *http.Request) {
	file, ok := h.path(w, r)
	if !ok {
		return
	}
	declared := r.Header.Get("Content-Type")
	check := func(staged *content.Staged) error {
		if err := content.CheckDeclared(declared); err != nil {
			return err
		}
		return h.repository.CheckType(file, staged)
	}
	content.Receive(w, r, h.repository, file, content.PutOptions{Declared: declared}, check)
}

func (h handler) delete(w http.ResponseWriter, r *http.Request) {
	if file, ok := h.path(w, r); ok {
		content.Remove(w, r, h.repository, file)
	}
}

// Upload stores the files of a form in the directory given in the form.
func (Format) Upload(ctx context.Context, r *content.Repository, form *content.UploadForm) error {
	directory := strings.TrimSpace(form.Fields["raw.directory"])
	for _, file := range form.Files {
		name := "/" + directory + "/" + strings.TrimSpace(form.Fields[file.Field+".filename"])
		if err := store(ctx, r, slashes.ReplaceAllString(name, "/"), file); err != nil {
			return err
		}
	}
	return nil
}

var slashes = regexp.MustCompile("/+")

func store(ctx context.Context, r *content.Repository, name string, file content.UploadFile) error {
	target, ok := content.CleanPath(name)
	if !ok {
		return content.ValidationErrors{{ID: "*", Message: "Path is not allowed to have '.' or '..' segments: '" + strings.TrimSuffix(name, "/") + "'"}}
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
	_, err = r.Store.Commit(ctx, target, staged, content.PutOptions{Declared: file.Header.Get("Content-Type")})
	return err
}
