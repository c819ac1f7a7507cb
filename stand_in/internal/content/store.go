package content

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// Errors that the server maps to HTTP statuses; compare with errors.Is.
var (
	ErrNotFound     = errors.New("not found")
	ErrWritePolicy  = errors.New("refused by the write policy of the repository")
	ErrInvalid      = errors.New("invalid content") // answered with 400
	ErrRemote       = errors.New("remote repository unavailable")
	ErrBlobMissing  = errors.New("blob is missing")
	ErrUnauthorized = errors.New("not authorized")
)

// Asset describes a stored file.
type Asset struct {
	Number         uint64            `json:"number"`
	Path           string            `json:"path"` // without a leading slash
	Blob           string            `json:"blob"`
	ContentType    string            `json:"contentType"`
	Size           int64             `json:"size"`
	MD5            string            `json:"md5"`
	SHA1           string            `json:"sha1"`
	SHA256         string            `json:"sha256"`
	SHA512         string            `json:"sha512"`
	BlobCreated    time.Time         `json:"blobCreated"`
	LastModified   time.Time         `json:"lastModified"`
	Verified       time.Time         `json:"verified"` // of proxies: when the remote last confirmed it
	LastDownloaded *time.Time        `json:"lastDownloaded,omitempty"`
	Uploader       string            `json:"uploader,omitempty"`
	UploaderIP     string            `json:"uploaderIp,omitempty"`
	Component      uint64            `json:"component,omitempty"` // its number
	Coordinates    Coordinates       `json:"coordinates"`
	Attributes     map[string]string `json:"attributes,omitempty"` // the format's own
}

// Staged is a body that has been received completely and is not visible yet.
type Staged struct {
	File                      string // a local file; it may be read, not changed
	Size                      int64
	MD5, SHA1, SHA256, SHA512 string
}

// PutOptions are stored with the bytes.
type PutOptions struct {
	ContentType  string // empty: guessed from the path and the content
	Declared     string // used if the guess finds nothing
	LastModified time.Time
	Attributes   map[string]string
	Coordinates  *Coordinates // nil: those of Format.Coordinates
}

// Content is an opened asset.
type Content struct {
	*Asset
	File       *os.File
	Downloaded func() // records the download by a client; may be nil
}

// Close closes the file.
func (c *Content) Close() error { return c.File.Close() }

// Store stores the assets of one repository. Changes are atomic: after a crash each asset is in its old or its new state.
type Store interface {
	// Get returns nil if there is no such asset.
	Get(path string) *Asset
	// Open returns ErrNotFound, or ErrBlobMissing if the record exists and its file does not.
	Open(path string) (*Content, error)
	// Stage receives a body. It must be followed by either Commit or Discard.
	Stage(ctx context.Context, body io.Reader) (*Staged, error)
	Commit(ctx context.Context, path string, staged *Staged, options PutOptions) (*Asset, error)
	Discard(staged *Staged)
	// Delete reports whether the asset existed.
	Delete(path string) (bool, error)
	// List visits the assets with a path prefix, sorted by path, until visit returns false.
	List(prefix string, visit func(*Asset) bool) error
	// SetAttributes replaces the format's own attributes of an asset.
	SetAttributes(path string, attributes map[string]string) error
	// AddComponent creates the component of path without an asset.
	AddComponent(path string) error
	// Touch marks a cached asset as verified now.
	Touch(path string) error
	// Revision changes with every Commit and Delete, also those over REST: compare it to find out whether
	// something derived from the content is out of date.
	Revision() uint64
	// WorkDir is a directory for derived files, which may be lost at any time. It is on the file system of the blobs,
	// so hard links to Content.File work.
	WorkDir() (string, error)
}

// Put stages and commits.
func Put(ctx context.Context, store Store, path string, body io.Reader, options PutOptions) (*Asset, error) {
	staged, err := store.Stage(ctx, body)
	if err != nil {
		return nil, err
	}
	return store.Commit(ctx, path, staged, options)
}

// forbidden is the real server's message about what the write policy forbids.
type forbidden string

func (f forbidden) Error() string { return string(f) }

func (forbidden) Is(target error) bool { return target == ErrWritePolicy }

// CheckWrite applies the write policy to a PUT of path.
func (r *Repository) CheckWrite(path string) error {
	switch {
	case r.WritePolicy == Deny:
		return forbidden(r.Name + "/" + path + " is read-only")
	case r.WritePolicy == AllowOnce && r.Store.Get(path) != nil:
		return forbidden(r.Name + "/" + path + " cannot be updated")
	}
	return nil
}

// CheckDelete applies the write policy to a DELETE.
func (r *Repository) CheckDelete() error {
	if r.WritePolicy == Deny {
		return ErrWritePolicy
	}
	return nil
}
