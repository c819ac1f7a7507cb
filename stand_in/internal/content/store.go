package content

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// Errors that the server maps to HTTP answers; test with errors.Is.
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
	Verified       time.Time         `json:"verified"` // when the remote was last asked, for proxies
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

// PutOptions is what is stored beside the bytes.
type PutOptions struct {
	ContentType  string // guessed from the path and the content when empty
	Declared     string // counts where neither says anything
	LastModified time.Time
	Attributes   map[string]string
	Coordinates  *Coordinates // those of Format.Coordinates when nil
}

// Content is an opened asset.
type Content struct {
	*Asset
	File       *os.File
	Downloaded func() // notes that a client has read it; may be nil
}

// Close gives the file back.
func (c *Content) Close() error { return c.File.Close() }

// Store keeps the assets of one repository. A crash at any moment leaves every asset as it was before or as it is
// after the change, never in between.
type Store interface {
	// Get answers nil when there is no such asset.
	Get(path string) *Asset
	// Open answers ErrNotFound, or ErrBlobMissing when the record is there and the file is not.
	Open(path string) (*Content, error)
	// Stage receives a body. Exactly one of Commit and Discard must follow.
	Stage(ctx context.Context, body io.Reader) (*Staged, error)
	Commit(ctx context.Context, path string, staged *Staged, options PutOptions) (*Asset, error)
	Discard(staged *Staged)
	// Delete tells whether there was such an asset.
	Delete(path string) (bool, error)
	// List visits the assets whose path begins with prefix, in the order of their paths, until visit answers false.
	List(prefix string, visit func(*Asset) bool) error
	// SetAttributes replaces the format's own attributes of an asset.
	SetAttributes(path string, attributes map[string]string) error
	// LeaveComponent makes the component of path without any asset.
	LeaveComponent(path string) error
	// Touch marks a cached asset as verified now.
	Touch(path string) error
	// Revision changes with every Commit and Delete (also those made through REST): compare it to see whether
	// something derived from the content is out of date.
	Revision() uint64
	// WorkDir is a directory for derived files that may be lost at any time; it is on the file system of the blobs,
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

// forbidden says in the real server's words what a write policy keeps from happening.
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
