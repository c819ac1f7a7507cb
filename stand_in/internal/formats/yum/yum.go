// Package yum serves yum repositories. createrepo_c and mergerepo_c generate the repository metadata.
package yum

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// Format is the format yum.
type Format struct{}

// Source opens packages and metadata.
func (Format) Source(repository *content.Repository) content.Source {
	switch repository.Type {
	case content.Proxy:
		return content.ProxySource{Proxy: repository, Metadata: isMetadata}
	case content.Group:
		return newGroup(repository)
	}
	return newHosted(repository)
}

// Handler serves a repository.
func (Format) Handler(repository *content.Repository) http.Handler { return &handler{repository} }

var packageFile = regexp.MustCompile(`^(.+)-([^-]+-[^-]+)\.([^.]+)\.rpm$`)

// Coordinates are parsed from the usual file names; uploads store those of the package header.
func (Format) Coordinates(file string) content.Coordinates {
	parts := packageFile.FindStringSubmatch(path.Base(file))
	if parts == nil {
		return content.Coordinates{}
	}
	return content.Coordinates{Name: parts[1], Version: parts[2]}
}

type handler struct{ repository *content.Repository }

// Close stops the background work of the repository.
func (h *handler) Close() error {
	if hosted, ok := h.repository.Source.(*hosted); ok {
		hosted.close()
	}
	return nil
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteError(w, r, content.ErrNotFound)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		content.ServeSource(w, r, h.repository.Source, file)
	case http.MethodPut:
		h.answer(w, r, put(r.Context(), h.repository, file, r.Body), http.StatusOK)
	case http.MethodDelete:
		h.answer(w, r, remove(h.repository, file), http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, HEAD, PUT, DELETE")
		content.WriteStatus(w, r, http.StatusMethodNotAllowed, "method not allowed")
	}
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request, err error, status int) {
	if err != nil {
		content.WriteError(w, r, err)
		return
	}
	w.WriteHeader(status)
}

func remove(repository *content.Repository, file string) error {
	if err := repository.CheckDelete(); err != nil {
		return err
	}
	found, err := repository.Store.Delete(file)
	if err == nil && !found {
		return content.ErrNotFound
	}
	regenerate(repository)
	return err
}

func regenerate(repository *content.Repository) {
	if hosted, ok := repository.Source.(*hosted); ok {
		hosted.regenerate()
	}
}

// Upload stores the file of the fields yum.asset, yum.asset.filename and yum.directory.
func (Format) Upload(ctx context.Context, repository *content.Repository, form *content.UploadForm) error {
	filename := form.Fields["yum.asset.filename"]
	file, ok := content.CleanPath(form.Fields["yum.directory"] + "/" + filename)
	if !ok {
		return fmt.Errorf("%w: %s/%s leaves the repository", content.ErrInvalid, form.Fields["yum.directory"], filename)
	}
	body, err := form.Files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	return put(ctx, repository, file, body)
}

const repodata = "repodata"

// metadataPath splits <directory>/repodata/<name>.
func metadataPath(file string) (directory, name string, ok bool) {
	parent, name := path.Split(file)
	parent = strings.TrimSuffix(parent, "/")
	if path.Base(parent) != repodata {
		return "", "", false
	}
	directory = path.Dir(parent)
	if directory == "." {
		directory = ""
	}
	return directory, name, true
}

func isMetadata(file string) bool {
	_, _, ok := metadataPath(file)
	return ok
}

func missing(err error) bool {
	return errors.Is(err, content.ErrNotFound) || errors.Is(err, content.ErrBlobMissing)
}
