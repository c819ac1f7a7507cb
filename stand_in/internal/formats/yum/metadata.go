package yum

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"mime"
	"os"
	"path/filepath"
	"sync"

	"repository-store/nexus-stand-in/internal/content"
)

// metadata is the generated repodata of one directory, in the work directory of the store. The previous generation is
// kept for clients that have read the old repomd.xml.
type metadata struct {
	store content.Store
	key   string

	mutex       sync.Mutex // for building, and for reading while it is replaced
	built       bool
	revision    uint64
	fingerprint string
	empty       bool
}

const (
	currentGeneration  = "current"
	previousGeneration = "previous"
	packageTree        = "packages"
	manifestName       = "repomd.xml"
)

// open opens a file of the repodata directory after build has updated it.
func (m *metadata) open(asset, name string, build func(*metadata) error) (*content.Content, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if !m.built || name == manifestName {
		if err := build(m); err != nil {
			return nil, err
		}
	}
	if m.empty {
		return nil, content.ErrNotFound
	}
	work, err := m.workDir()
	if err != nil {
		return nil, err
	}
	for _, generation := range []string{currentGeneration, previousGeneration} {
		opened, err := os.Open(filepath.Join(work, generation, repodata, filepath.Base(name)))
		if err == nil {
			return made(asset, opened)
		}
		if !os.IsNotExist(err) {
			return nil, err
		}
	}
	return nil, content.ErrNotFound
}

func made(asset string, opened *os.File) (*content.Content, error) {
	info, err := opened.Stat()
	if err != nil {
		opened.Close()
		return nil, err
	}
	contentType := mime.TypeByExtension(filepath.Ext(asset))
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	described := &content.Asset{Path: asset, ContentType: contentType, Size: info.Size(), LastModified: info.ModTime(), Verified: info.ModTime()}
	return &content.Content{Asset: described, File: opened}, nil
}

func (m *metadata) workDir() (string, error) {
	base, err := m.store.WorkDir()
	if err != nil {
		return "", err
	}
	key := sha256.Sum256([]byte(m.key))
	work := filepath.Join(base, "yum", hex.EncodeToString(key[:8]))
	return work, os.MkdirAll(work, 0o755)
}

// replace makes a finished generation the current one.
func (m *metadata) replace(work, finished string) error {
	current, previous := filepath.Join(work, currentGeneration), filepath.Join(work, previousGeneration)
	if err := os.RemoveAll(previous); err != nil {
		return err
	}
	if err := os.Rename(current, previous); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Rename(finished, current)
}

// generate lets fill write a new generation and makes it the current one.
func (m *metadata) generate(work string, fill func(directory string) error) error {
	finished, err := os.MkdirTemp(work, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(finished) // already renamed on success
	if err := fill(finished); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(finished, repodata, manifestName)); err != nil {
		return fmt.Errorf("repository metadata was not made: %w", err)
	}
	return m.replace(work, finished)
}

// directories are the metadata of a repository by directory. Directories without packages are removed.
type directories struct {
	mutex sync.Mutex
	store content.Store
	known map[string]*metadata
}

func newDirectories(store content.Store) *directories {
	return &directories{store: store, known: map[string]*metadata{}}
}

func (d *directories) open(directory, asset, name string, build func(*metadata) error) (*content.Content, error) {
	m := d.at(directory)
	opened, err := m.open(asset, name, build)
	if missing(err) {
		d.forgetEmpty(directory, m)
	}
	return opened, err
}

func (d *directories) at(directory string) *metadata {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	m := d.known[directory]
	if m == nil {
		m = &metadata{store: d.store, key: directory}
		d.known[directory] = m
	}
	return m
}

func (d *directories) forgetEmpty(directory string, m *metadata) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if m.empty && d.known[directory] == m {
		delete(d.known, directory)
	}
}

func (d *directories) each(visit func(directory string, m *metadata)) {
	d.mutex.Lock()
	known := maps.Clone(d.known)
	d.mutex.Unlock()
	for directory, m := range known {
		m.mutex.Lock()
		visit(directory, m)
		m.mutex.Unlock()
	}
}
