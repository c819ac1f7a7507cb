package yum

import (
	"context"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"repository-store/nexus-stand-in/internal/content"
)

// hosted generates metadata for each directory at repodataDepth from the packages below it.
type hosted struct {
	repository  *content.Repository
	directories *directories
	wake        chan struct{}
	stop        chan struct{}
	stopped     sync.Once
	started     sync.Once
}

func newHosted(repository *content.Repository) *hosted {
	return &hosted{
		repository: repository, directories: newDirectories(repository.Store),
		wake: make(chan struct{}, 1), stop: make(chan struct{}),
	}
}

func (h *hosted) Open(_ context.Context, file string) (*content.Content, error) {
	directory, name, ok := metadataPath(file)
	if !ok || depth(directory) != h.depth() {
		return h.repository.Store.Open(file)
	}
	opened, err := h.directories.open(directory, file, name, func(m *metadata) error { return h.build(m, directory) })
	if missing(err) && isComps(file) {
		return h.repository.Store.Open(file)
	}
	return opened, err
}

func (h *hosted) depth() int { return h.repository.Int("repodataDepth", 0) }

func depth(directory string) int {
	if directory == "" {
		return 0
	}
	return strings.Count(directory, "/") + 1
}

// build updates the metadata of a directory; the caller holds its lock.
func (h *hosted) build(m *metadata, directory string) error {
	revision := h.repository.Store.Revision() // read before listing, so that the next build notices a concurrent change
	if m.built && m.revision == revision {
		return nil
	}
	packages, groups, err := h.list(directory)
	if err != nil {
		return err
	}
	if err := m.createrepo(packages, groups); err != nil {
		return err
	}
	m.built, m.revision = true, revision
	return nil
}

// list finds the packages (relative path -> asset) and the last comps file of a directory.
func (h *hosted) list(directory string) (packages map[string]string, groups string, err error) {
	packages = map[string]string{}
	prefix := directory
	if prefix != "" {
		prefix += "/"
	}
	err = h.repository.Store.List(prefix, func(asset *content.Asset) bool {
		relative := strings.TrimPrefix(asset.Path, prefix)
		switch {
		case strings.HasSuffix(relative, ".rpm"):
			packages[relative] = asset.Path
		case isComps(asset.Path) && path.Dir(relative) == repodata:
			groups = asset.Path
		}
		return true
	})
	return packages, groups, err
}

// regenerate updates the metadata in the background, so that the next reader does not wait for it.
func (h *hosted) regenerate() {
	h.started.Do(func() { go h.work() })
	select {
	case h.wake <- struct{}{}:
	default: // already pending
	}
}

const settle = time.Second // waits for the rest of a series of uploads

func (h *hosted) work() {
	for {
		select {
		case <-h.stop:
			return
		case <-h.wake:
		}
		select {
		case <-h.stop:
			return
		case <-time.After(settle):
		}
		h.directories.each(func(directory string, m *metadata) {
			_ = h.build(m, directory) // the next reader gets the error
		})
	}
}

func (h *hosted) close() { h.stopped.Do(func() { close(h.stop) }) }

// blobFile is the absolute path of the file of an asset.
func blobFile(store content.Store, asset string) (string, error) {
	opened, err := store.Open(asset)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	return filepath.Abs(opened.File.Name())
}
