// Package apt is the apt format: hosted repositories with signed indexes, and proxies.
package apt

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// Format implements content.Format and content.Uploader.
type Format struct{}

// Source opens stored packages and generated indexes, or the content of the remote.
func (Format) Source(r *content.Repository) content.Source {
	if r.Type == content.Proxy {
		return content.ProxySource{Proxy: r, Metadata: func(file string) bool { return strings.HasPrefix(file, "dists/") }}
	}
	return &hosted{repository: r}
}

// Coordinates are parsed from the file name of a package, such as hello_2.10-3_amd64.deb.
func (Format) Coordinates(file string) content.Coordinates {
	parts := strings.Split(strings.TrimSuffix(path.Base(file), ".deb"), "_")
	if !strings.HasSuffix(file, ".deb") || len(parts) != 3 {
		return content.Coordinates{}
	}
	return content.Coordinates{Group: parts[2], Name: parts[0], Version: parts[1]}
}

// Handler serves reads, and uploads (POST) and deletions in hosted repositories.
func (Format) Handler(r *content.Repository) http.Handler {
	h := handler{r}
	if r.Type != content.Hosted {
		return content.Methods{Get: h.get}
	}
	return content.Methods{Get: h.get, Post: h.post}
}

type handler struct{ repository *content.Repository }

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	file, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusNotFound, "There is no file of that name")
		return
	}
	content.ServeSource(w, r, h.repository.Source, file)
}

func (h handler) post(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		content.Methods{Get: h.get}.ServeHTTP(w, r)
		return
	}
	staged, err := h.repository.Store.Stage(r.Context(), r.Body)
	if err == nil {
		staged.SHA512 = "" // of this way the server keeps three checksums, of forms all four
		err = keep(r.Context(), h.repository, staged)
	}
	if err != nil {
		content.WriteError(w, r, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// Upload stores the package of a form.
func (Format) Upload(ctx context.Context, r *content.Repository, form *content.UploadForm) error {
	if len(form.Files) != 1 {
		return content.ValidationErrors{{ID: "*", Message: "Exactly one asset is needed: apt.asset"}}
	}
	body, err := form.Files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	staged, err := r.Store.Stage(ctx, body)
	if err != nil {
		return err
	}
	return keep(ctx, r, staged)
}

// keep stores a package under the path that its control file determines.
func keep(ctx context.Context, r *content.Repository, staged *content.Staged) error {
	control, err := readControl(staged.File)
	if err != nil {
		r.Store.Discard(staged)
		return err
	}
	name, version, architecture := control.field("Package"), control.field("Version"), control.field("Architecture")
	file := fmt.Sprintf("pool/%s/%s/%s_%s_%s.deb", name[:1], name, name, version, architecture)
	if err := r.CheckWrite(file); err != nil {
		r.Store.Discard(staged)
		return err
	}
	_, err = r.Store.Commit(ctx, file, staged, content.PutOptions{
		ContentType: packageType,
		Attributes:  map[string]string{controlAttribute: string(control), architectureAttribute: architecture},
		Coordinates: &content.Coordinates{Group: architecture, Name: name, Version: version},
	})
	if err != nil {
		return err
	}
	_, err = r.Store.Delete("dists/" + r.Text("distribution") + "/InRelease") // the next reader has new indexes
	return err
}

const packageType = "application/x-debian-package"

const (
	controlAttribute      = "apt.control"
	architectureAttribute = "apt.architecture"
)
