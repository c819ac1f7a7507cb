package npm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

type hosted struct {
	repository *content.Repository
	locks      locks
}

// Open opens an archive, or a document without the versions whose archive was deleted over REST.
func (h *hosted) Open(ctx context.Context, file string) (*content.Content, error) {
	opened, err := h.repository.Store.Open(file)
	if err != nil || strings.Contains(file, "/-/") {
		return opened, err
	}
	stored, err := readDocument(ctx, content.StoreSource{Store: h.repository.Store}, file)
	if err != nil {
		opened.Close()
		return nil, err
	}
	if !h.dropLost(stored) {
		return opened, nil
	}
	opened.Close()
	if len(stored.Versions) == 0 {
		return nil, content.ErrNotFound
	}
	return temporary(h.repository.Store, file, stored)
}

func (h *hosted) dropLost(stored *document) (dropped bool) {
	for version, body := range stored.Versions {
		if h.repository.Store.Get(archivePath(stored.Name, archiveOf(body))) == nil {
			stored.drop(version)
			dropped = true
		}
	}
	return dropped
}

// temporary writes a document to a file that is already unlinked.
func temporary(store content.Store, name string, made *document) (*content.Content, error) {
	work, err := store.WorkDir()
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(work, "npm-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	body, err := json.Marshal(made)
	if err == nil {
		_, err = file.Write(body)
	}
	if err == nil {
		_, err = file.Seek(0, 0)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &content.Content{Asset: &content.Asset{Path: name, ContentType: "application/json", Size: int64(len(body))}, File: file}, nil
}

// stored returns the document of a package, or an empty one. The caller holds the lock of the package.
func (h *hosted) stored(ctx context.Context, name string) (*document, error) {
	stored, err := readDocument(ctx, h, name)
	if err != nil && content.Status(err) == http.StatusNotFound {
		return newDocument(name), nil
	}
	return stored, err
}

func (h *hosted) save(ctx context.Context, changed *document) error {
	if len(changed.Versions) == 0 {
		_, err := h.repository.Store.Delete(changed.Name)
		return err
	}
	changed.completeTags()
	changed.touch("")
	body, err := json.Marshal(changed)
	if err != nil {
		return err
	}
	_, err = content.Put(ctx, h.repository.Store, changed.Name, bytes.NewReader(body), content.PutOptions{ContentType: "application/json"})
	return err
}

func (h *hosted) checkWritable() error {
	if h.repository.WritePolicy == content.Deny {
		return content.ErrWritePolicy
	}
	return nil
}

func (h *handler) serveDelete(w http.ResponseWriter, file string) {
	t := parseTarget(file)
	if err := h.hosted.delete(t); err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true})
}

// delete removes an archive with its version, or the whole package.
func (h *hosted) delete(t target) error {
	if err := h.repository.CheckDelete(); err != nil {
		return err
	}
	defer h.locks.lock(t.name)()
	if t.archive == "" {
		return h.deletePackage(t.name)
	}
	found, err := h.repository.Store.Delete(archivePath(t.name, t.archive))
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: %s", content.ErrNotFound, archivePath(t.name, t.archive))
	}
	if h.repository.Store.Get(t.name) == nil {
		return nil
	}
	remaining, err := h.stored(context.Background(), t.name) // without the version of the deleted archive
	if err != nil {
		return err
	}
	return h.save(context.Background(), remaining)
}

func (h *hosted) deletePackage(name string) error {
	found, err := h.repository.Store.Delete(name)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: package %s", content.ErrNotFound, name)
	}
	var archives []string
	err = h.repository.Store.List(name+"/-/", func(asset *content.Asset) bool {
		archives = append(archives, asset.Path)
		return true
	})
	for _, archive := range archives {
		if err == nil {
			_, err = h.repository.Store.Delete(archive)
		}
	}
	return err
}
