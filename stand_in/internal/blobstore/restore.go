package blobstore

import (
	"bufio"
	"context"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/content"
)

// Properties that the stand-in writes in addition to those of the real server.
const (
	coordinateGroup   = "@Component.group"
	coordinateName    = "@Component.name"
	coordinateVersion = "@Component.version"
	attributePrefix   = "@Asset."
)

// Restore adds records for files in a blob store that no record refers to, if their repository exists: a repository that
// was deleted and created again gets its content back.
func (m *Manager) Restore(name string, assetsOf func(repository string) (*Assets, bool)) error {
	record, ok := m.records.Get(name)
	if !ok || record.Type != File {
		return nil
	}
	restored := 0
	err := filepath.WalkDir(filepath.Join(m.Dir(record), "content"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".properties") {
			return err
		}
		properties, err := readProperties(path)
		if err != nil || properties["deleted"] == "true" {
			return err
		}
		assets, exists := assetsOf(properties["@Bucket.repo-name"])
		file := strings.TrimPrefix(properties["@BlobStore.blob-name"], "/")
		if !exists || file == "" || assets.Get(file) != nil {
			return nil
		}
		restored++
		return assets.restore(file, strings.TrimSuffix(path, ".properties"), properties)
	})
	slog.Info("blob store restored", "name", name, "files", restored)
	return err
}

func (a *Assets) restore(path, blob string, properties map[string]string) error {
	file, err := os.Open(blob + ".bytes")
	if err != nil {
		return nil // a blob without its bytes cannot be restored
	}
	defer file.Close()
	sums, err := digest(context.Background(), file)
	if err != nil {
		return err
	}
	asset := &content.Asset{Path: path, Blob: filepath.Base(blob), ContentType: properties["@BlobStore.content-type"], Size: sums.Size,
		MD5: sums.MD5, SHA1: sums.SHA1, SHA256: sums.SHA256, SHA512: sums.SHA512, Uploader: properties["@BlobStore.created-by"],
		Verified: time.Now()}
	describe(asset, properties)
	asset.BlobCreated = time.Now()
	if created, err := strconv.ParseInt(properties["creationTime"], 10, 64); err == nil {
		asset.BlobCreated = time.UnixMilli(created)
	}
	asset.LastModified = asset.BlobCreated
	if _, err := a.record(asset); err != nil {
		return err
	}
	a.revision.Add(1)
	return nil
}

// describe fills in the coordinates and attributes that the format stored.
func describe(asset *content.Asset, properties map[string]string) {
	text := func(name string) string {
		value, _ := url.QueryUnescape(properties[name])
		return value
	}
	asset.Coordinates = content.Coordinates{Group: text(coordinateGroup), Name: text(coordinateName), Version: text(coordinateVersion)}
	for name := range properties {
		if attribute, found := strings.CutPrefix(name, attributePrefix); found {
			if asset.Attributes == nil {
				asset.Attributes = map[string]string{}
			}
			asset.Attributes[attribute] = text(name)
		}
	}
}

func readProperties(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	properties := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, value, found := strings.Cut(lines.Text(), "="); found {
			properties[name] = value
		}
	}
	return properties, lines.Err()
}
