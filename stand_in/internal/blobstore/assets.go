package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"repository-store/nexus-stand-in/internal/content"
)

// Assets is the content store of one repository: records in the database, bytes in the blob store.
type Assets struct {
	manager     *Manager
	repository  string
	instance    string
	blobStore   string
	coordinates func(path string) content.Coordinates
	revision    atomic.Uint64
}

const downloadInterval = 12 * time.Hour // like the real server: how often lastDownloaded is updated at most

// AssetsOf returns the content of a repository: the same object for the same instance.
func (m *Manager) AssetsOf(repository, instance, blobStore string, coordinates func(string) content.Coordinates) *Assets {
	assets := &Assets{manager: m, repository: repository, instance: instance, blobStore: blobStore, coordinates: coordinates}
	known, _ := m.assets.LoadOrStore(instance, assets)
	return known.(*Assets)
}

// Get returns the record of an asset.
func (a *Assets) Get(path string) *content.Asset {
	var asset *content.Asset
	a.view(func(b *buckets) { asset = b.asset(path) })
	return asset
}

// Open opens an asset; reading it records the download.
func (a *Assets) Open(path string) (*content.Content, error) {
	asset := a.Get(path)
	if asset == nil {
		return nil, content.ErrNotFound
	}
	file, err := a.manager.OpenBlob(a.blobStore, asset.Blob)
	if errors.Is(err, content.ErrBlobMissing) { // replaced in between?
		if again := a.Get(path); again != nil && again.Blob != asset.Blob {
			return a.Open(path)
		}
	}
	if err != nil {
		return nil, err
	}
	return &content.Content{Asset: asset, File: file, Downloaded: func() { a.downloaded(asset) }}, nil
}

// downloaded records that a client read an asset. A failure is only logged.
func (a *Assets) downloaded(asset *content.Asset) {
	now := time.Now()
	if asset.LastDownloaded != nil && now.Sub(*asset.LastDownloaded) < downloadInterval {
		return
	}
	if err := a.change(asset.Path, func(current *content.Asset) { current.LastDownloaded = &now }); err != nil {
		slog.Warn("time of the last download not recorded", "repository", a.repository, "path", asset.Path, "error", err)
	}
}

// Stage receives a body.
func (a *Assets) Stage(ctx context.Context, body io.Reader) (*content.Staged, error) {
	return a.manager.Stage(ctx, a.blobStore, body)
}

// Discard removes a staged body.
func (a *Assets) Discard(staged *content.Staged) { os.Remove(staged.File) }

// Commit makes a staged body the content of path, in one database transaction.
func (a *Assets) Commit(ctx context.Context, path string, staged *content.Staged, options content.PutOptions) (*content.Asset, error) {
	defer os.Remove(staged.File) // already moved on success
	now := time.Now()
	requester := content.RequesterOf(ctx)
	asset := &content.Asset{
		Path: path, ContentType: options.ContentType, Attributes: options.Attributes,
		Size: staged.Size, MD5: staged.MD5, SHA1: staged.SHA1, SHA256: staged.SHA256, SHA512: staged.SHA512,
		BlobCreated: now, LastModified: now, Verified: now, Uploader: requester.User, UploaderIP: requester.IP,
	}
	if asset.ContentType == "" {
		asset.ContentType = content.TypeOf(path, staged, options.Declared)
	}
	if !options.LastModified.IsZero() {
		asset.LastModified = options.LastModified
	}
	asset.Coordinates = a.coordinates(path)
	if options.Coordinates != nil {
		asset.Coordinates = *options.Coordinates
	}
	blob, err := a.manager.Keep(a.blobStore, staged, a.properties(asset))
	if err != nil {
		return nil, err
	}
	asset.Blob = blob
	replaced, err := a.record(asset)
	if err != nil {
		a.manager.MarkDeleted(a.blobStore, blob)
		return nil, err
	}
	if replaced != "" {
		a.manager.MarkDeleted(a.blobStore, replaced)
	}
	a.revision.Add(1)
	return asset, a.manager.count(a.blobStoreName(), 1, staged.Size)
}

func (a *Assets) blobStoreName() string {
	record, _ := a.manager.writable(a.blobStore)
	return record.Name
}

// properties are stored next to the bytes, so that a file can be restored without its database record.
func (a *Assets) properties(asset *content.Asset) map[string]string {
	properties := map[string]string{
		"@BlobStore.blob-name":    "/" + asset.Path,
		"@BlobStore.content-type": asset.ContentType,
		"@BlobStore.created-by":   asset.Uploader,
		"@Bucket.repo-name":       a.repository,
		"creationTime":            strconv.FormatInt(asset.BlobCreated.UnixMilli(), 10),
		"sha1":                    asset.SHA1,
		"size":                    strconv.FormatInt(asset.Size, 10),
		coordinateGroup:           url.QueryEscape(asset.Coordinates.Group),
		coordinateName:            url.QueryEscape(asset.Coordinates.Name),
		coordinateVersion:         url.QueryEscape(asset.Coordinates.Version),
	}
	for name, value := range asset.Attributes {
		properties[attributePrefix+name] = url.QueryEscape(value)
	}
	return properties
}

// Delete removes an asset, and its component with the last asset.
func (a *Assets) Delete(path string) (bool, error) {
	var asset *content.Asset
	err := a.update(func(b *buckets) error {
		if asset = b.asset(path); asset == nil {
			return nil
		}
		return b.remove(asset)
	})
	if err != nil || asset == nil {
		return false, err
	}
	a.manager.MarkDeleted(a.blobStore, asset.Blob)
	a.revision.Add(1)
	return true, nil
}

// SetAttributes replaces the attributes of an asset.
func (a *Assets) SetAttributes(path string, attributes map[string]string) error {
	return a.change(path, func(asset *content.Asset) { asset.Attributes = attributes })
}

// Touch marks a cached asset as verified now.
func (a *Assets) Touch(path string) error {
	return a.change(path, func(asset *content.Asset) { asset.Verified = time.Now() })
}

func (a *Assets) change(path string, change func(*content.Asset)) error {
	return a.update(func(b *buckets) error {
		asset := b.asset(path)
		if asset == nil {
			return nil
		}
		change(asset)
		return b.putAsset(asset)
	})
}

// Revision changes with every change of the content.
func (a *Assets) Revision() uint64 { return a.revision.Load() }

// WorkDir is a directory for derived files.
func (a *Assets) WorkDir() (string, error) {
	folder := filepath.Join(a.manager.DirOf(a.blobStore), "work", a.instance)
	return folder, os.MkdirAll(folder, 0o755)
}

// Drop deletes all records of a deleted repository; the files stay in the blob store, like on the real server.
func (a *Assets) Drop() error {
	if folder, err := a.WorkDir(); err == nil {
		os.RemoveAll(folder)
	}
	a.manager.assets.Delete(a.instance)
	return a.manager.database.Bolt().Update(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(a.bucketName())) == nil {
			return nil
		}
		return tx.DeleteBucket([]byte(a.bucketName()))
	})
}

func (a *Assets) bucketName() string { return fmt.Sprintf("content/%s", a.instance) }
