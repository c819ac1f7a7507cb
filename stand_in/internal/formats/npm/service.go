package npm

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// serveService serves the paths under /-/.
func (h *handler) serveService(w http.ResponseWriter, r *http.Request, file string) {
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case file == "ping" && read:
		writeJSON(w, http.StatusOK, struct{}{})
	case file == "whoami" && read:
		writeJSON(w, http.StatusOK, map[string]string{"username": content.RequesterOf(r.Context()).User})
	case file == "v1/search" && read:
		h.serveSearch(w, r)
	case strings.HasPrefix(file, "package/"):
		h.serveTags(w, r, strings.TrimPrefix(file, "package/"))
	default:
		writeError(w, fmt.Errorf("%w: /-/%s", content.ErrNotFound, file))
	}
}

// serveTags serves package/<name>/dist-tags[/<tag>].
func (h *handler) serveTags(w http.ResponseWriter, r *http.Request, file string) {
	name, tag, ok := strings.Cut(file, "/dist-tags")
	if !ok {
		writeError(w, content.ErrNotFound)
		return
	}
	tag = strings.TrimPrefix(tag, "/")
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		h.readTags(w, r, name)
	case h.hosted == nil || tag == "":
		methodNotAllowed(w)
	case r.Method == http.MethodPut || r.Method == http.MethodPost:
		h.changeTag(w, r, name, func(stored *document) error { return setTag(stored, tag, r.Body) })
	case r.Method == http.MethodDelete:
		h.changeTag(w, r, name, func(stored *document) error { return removeTag(stored, tag) })
	default:
		methodNotAllowed(w)
	}
}

func (h *handler) readTags(w http.ResponseWriter, r *http.Request, name string) {
	found, err := readDocument(r.Context(), h.repository.Source, name)
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, found.Tags)
}

func (h *handler) changeTag(w http.ResponseWriter, r *http.Request, name string, change func(*document) error) {
	if err := h.hosted.changeTag(r.Context(), name, change); err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true})
}

func (h *hosted) changeTag(ctx context.Context, name string, change func(*document) error) error {
	if err := h.checkWritable(); err != nil {
		return err
	}
	defer h.locks.lock(name)()
	stored, err := readDocument(ctx, h, name)
	if err != nil {
		return err
	}
	if err := change(stored); err != nil {
		return err
	}
	return h.save(ctx, stored)
}

const maxVersion = 1024

func setTag(stored *document, tag string, body io.Reader) error {
	var version string
	if err := json.NewDecoder(io.LimitReader(body, maxVersion)).Decode(&version); err != nil {
		return fmt.Errorf("%w: the body must be a version in quotes", content.ErrInvalid)
	}
	if _, ok := stored.Versions[version]; !ok {
		return fmt.Errorf("%w: %s has no version %s", content.ErrNotFound, stored.Name, version)
	}
	stored.Tags[tag] = version
	return nil
}

func removeTag(stored *document, tag string) error {
	if tag == "latest" {
		return fmt.Errorf("%w: the tag latest cannot be removed, set it to another version", content.ErrInvalid)
	}
	if _, ok := stored.Tags[tag]; !ok {
		return fmt.Errorf("%w: %s has no tag %s", content.ErrNotFound, stored.Name, tag)
	}
	delete(stored.Tags, tag)
	return nil
}
