package dockerrepo

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The directory layout of the registry library.
const (
	repositoriesDir = "docker/registry/v2/repositories"
	blobsDir        = "docker/registry/v2/blobs/sha256"
	deletedFile     = "deleted" // digests to remove when the blob store is compacted, one per line
)

// Collect unlinks untagged manifests and unreferenced layers that were stored before the given time. Their bytes stay until
// Sweep.
func Collect(root string, before time.Time) error {
	var deleted []string
	err := eachImage(root, func(image string) error {
		found, err := collectImage(root, image, before)
		deleted = append(deleted, found...)
		return err
	})
	if err != nil || len(deleted) == 0 {
		return err
	}
	file, err := os.OpenFile(filepath.Join(root, deletedFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(strings.Join(deleted, "\n") + "\n")
	return err
}

// Sweep removes the bytes of what Collect unlinked, unless it was pushed again since.
func Sweep(root string) error {
	text, err := os.ReadFile(filepath.Join(root, deletedFile))
	if err != nil {
		return ignoreMissing(err)
	}
	used := map[string]bool{}
	if err := eachImage(root, func(image string) error {
		for _, links := range []string{"_layers/sha256", "_manifests/revisions/sha256"} {
			for digest := range linked(filepath.Join(image, links)) {
				used[digest] = true
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, digest := range strings.Fields(string(text)) {
		if !used[digest] {
			if err := os.RemoveAll(filepath.Join(root, blobsDir, digest[:2], digest)); err != nil {
				return err
			}
		}
	}
	return os.Remove(filepath.Join(root, deletedFile))
}

// PurgeUploads removes unfinished uploads that began before the given time.
func PurgeUploads(root string, before time.Time) error {
	return eachImage(root, func(image string) error {
		uploads, err := os.ReadDir(filepath.Join(image, "_uploads"))
		for _, upload := range uploads {
			if info, err := upload.Info(); err == nil && info.ModTime().Before(before) {
				os.RemoveAll(filepath.Join(image, "_uploads", upload.Name()))
			}
		}
		return ignoreMissing(err)
	})
}

func collectImage(root, image string, before time.Time) ([]string, error) {
	manifests, layers := filepath.Join(image, "_manifests/revisions/sha256"), filepath.Join(image, "_layers/sha256")
	alive, revisions := tagged(image), linked(manifests)
	for digest, stored := range revisions {
		if !stored.Before(before) {
			alive[digest] = true
		}
	}
	named := map[string]bool{}
	for changed := true; changed; { // keep the manifests of kept indexes, and the referrers of kept manifests
		changed = false
		for digest := range revisions {
			manifest := readManifest(root, digest)
			if manifest.Subject != nil && alive[manifest.Subject.hex()] && !alive[digest] {
				alive[digest], changed = true, true
			}
			if alive[digest] {
				for _, part := range manifest.parts() {
					changed = changed || !named[part.hex()]
					named[part.hex()], alive[part.hex()] = true, true
				}
			}
		}
	}
	var deleted []string
	for folder, links := range map[string]map[string]time.Time{manifests: revisions, layers: linked(layers)} {
		for digest, stored := range links {
			if alive[digest] || !stored.Before(before) {
				continue
			}
			if err := os.RemoveAll(filepath.Join(folder, digest)); err != nil {
				return deleted, err
			}
			deleted = append(deleted, digest)
		}
	}
	return deleted, nil
}

// eachImage calls visit with the folder of each image name.
func eachImage(root string, visit func(folder string) error) error {
	err := filepath.WalkDir(filepath.Join(root, repositoriesDir), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || entry.Name() != "_manifests" && entry.Name() != "_uploads" {
			return err
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), "_manifests")); entry.Name() == "_uploads" && err == nil {
			return fs.SkipDir // visited with its manifests
		}
		if err := visit(filepath.Dir(path)); err != nil {
			return err
		}
		return fs.SkipDir
	})
	return ignoreMissing(err)
}

// linked returns the digests below a folder, with the time when each was stored.
func linked(folder string) map[string]time.Time {
	found := map[string]time.Time{}
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if info, err := os.Stat(filepath.Join(folder, entry.Name(), "link")); err == nil {
			found[entry.Name()] = info.ModTime()
		}
	}
	return found
}

func tagged(image string) map[string]bool {
	found := map[string]bool{}
	tags, _ := filepath.Glob(filepath.Join(image, "_manifests/tags/*/current/link"))
	for _, tag := range tags {
		text, _ := os.ReadFile(tag)
		found[descriptor{Digest: string(text)}.hex()] = true
	}
	return found
}

type descriptor struct {
	Digest string `json:"digest"`
}

func (d descriptor) hex() string { return strings.TrimPrefix(strings.TrimSpace(d.Digest), "sha256:") }

type parsedManifest struct {
	Config    descriptor   `json:"config"`
	Layers    []descriptor `json:"layers"`
	Blobs     []descriptor `json:"blobs"`
	Manifests []descriptor `json:"manifests"`
	Subject   *descriptor  `json:"subject"`
}

func (m parsedManifest) parts() []descriptor {
	return append(append(append([]descriptor{m.Config}, m.Layers...), m.Blobs...), m.Manifests...)
}

func readManifest(root, digest string) parsedManifest {
	var parsed parsedManifest
	text, _ := os.ReadFile(filepath.Join(root, blobsDir, digest[:2], digest, "data"))
	json.Unmarshal(text, &parsed)
	return parsed
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
