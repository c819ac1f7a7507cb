package content

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// Serve sends an opened asset, with ETag (SHA-1), Last-Modified, ranges and conditional requests.
func Serve(w http.ResponseWriter, r *http.Request, c *Content) {
	header := w.Header()
	header.Set("Content-Type", c.ContentType)
	if c.SHA1 != "" {
		header.Set("ETag", `"`+c.SHA1+`"`)
	}
	if c.Downloaded != nil && r.Method == http.MethodGet {
		c.Downloaded()
	}
	http.ServeContent(w, r, "", c.LastModified.Truncate(time.Second), c.File)
}

// Disposition sets Content-Disposition; like the real server, for GET only.
func Disposition(w http.ResponseWriter, r *http.Request, how string) {
	if r.Method == http.MethodGet {
		w.Header().Set("Content-Disposition", strings.ToLower(how))
	}
}

// ServeSource answers a GET or HEAD from a source.
func ServeSource(w http.ResponseWriter, r *http.Request, source Source, path string) {
	c, err := source.Open(r.Context(), path)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	defer c.Close()
	Serve(w, r, c)
}

// StoreSource is the Source of a hosted repository.
type StoreSource struct{ Store Store }

// Open opens the stored asset.
func (s StoreSource) Open(_ context.Context, path string) (*Content, error) {
	return s.Store.Open(path)
}

// FirstSource is the Source of a group that merges nothing: it serves the first member that has the asset.
type FirstSource struct{ Group *Repository }

// Open asks the members in order and skips those that fail. If no member has the asset, it returns the first failure.
func (s FirstSource) Open(ctx context.Context, path string) (*Content, error) {
	var failure error
	for _, member := range s.Group.Members() {
		c, err := member.Source.Open(ctx, path)
		if err == nil {
			return c, nil
		}
		if failure == nil && !errors.Is(err, ErrNotFound) {
			failure = err
		}
	}
	if failure != nil {
		return nil, failure
	}
	return nil, ErrNotFound
}
