package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"strings"
	"time"
)

// ProxySource is the Source of a proxy repository: it fetches missing and stale assets into the store.
type ProxySource struct {
	Proxy *Repository
	// Metadata reports whether metadataMaxAge applies to a path instead of contentMaxAge; nil: to none.
	Metadata func(path string) bool
	// RemotePath maps a path to the path at the remote, or to a full URL; nil: the same path.
	RemotePath func(path string) string
	// Attributes returns the attributes to store with the asset of a path; nil: none.
	Attributes func(path string) map[string]string
	// Check may reject a fetched body with an error wrapping ErrInvalid; nil accepts everything.
	Check func(path string, staged *Staged, contentType string) error
}

// Open returns a fresh asset from the cache, else fetches it. If that fails, it returns a stale asset from the cache.
func (s ProxySource) Open(ctx context.Context, path string) (*Content, error) {
	cached, err := s.Proxy.Store.Open(path)
	if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrBlobMissing) {
		return nil, err
	}
	if err == nil && s.fresh(cached.Asset) {
		return cached, nil
	}
	fetched, fetchErr := s.refresh(ctx, path, cached)
	if fetchErr == nil {
		if cached != nil && fetched != cached {
			cached.Close()
		}
		return fetched, nil
	}
	if cached != nil {
		return cached, nil
	}
	return nil, fetchErr
}

func (s ProxySource) fresh(asset *Asset) bool {
	age := s.Proxy.Remote.ContentMaxAge
	if s.Metadata != nil && s.Metadata(asset.Path) {
		age = s.Proxy.Remote.MetadataMaxAge
	}
	verified := asset.Verified
	if verified.Before(s.Proxy.State.Invalidated()) {
		return false
	}
	return age < 0 || time.Since(verified) < time.Duration(age)*time.Minute
}

func (s ProxySource) refresh(ctx context.Context, path string, cached *Content) (*Content, error) {
	remote, state := &s.Proxy.Remote, s.Proxy.State
	if remote.Blocked || state.Blocked() {
		return nil, fmt.Errorf("%w: the remote of %s is blocked", ErrNotFound, s.Proxy.Name)
	}
	if cached == nil && remote.NegativeCache && state.KnownMissing(path) {
		return nil, ErrNotFound
	}
	release := state.lockPath(path) // concurrent readers share one request to the remote
	defer release()
	if again, err := s.Proxy.Store.Open(path); err == nil {
		if (cached == nil || again.Blob != cached.Blob) && s.fresh(again.Asset) {
			return again, nil
		}
		again.Close()
	}
	return s.fetch(ctx, path, cached)
}

func (s ProxySource) fetch(ctx context.Context, path string, cached *Content) (*Content, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url(path), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrInvalid, err)
	}
	if cached != nil && cached.Attributes[remoteETag] != "" {
		request.Header.Set("If-None-Match", cached.Attributes[remoteETag])
	}
	response, err := s.Proxy.Client.Do(request)
	if err != nil {
		if ctx.Err() == nil {
			s.Proxy.State.Failed(s.Proxy.Remote.AutoBlock)
		}
		return nil, fmt.Errorf("%w: %v", ErrRemote, err)
	}
	defer response.Body.Close()
	switch code := response.StatusCode; {
	case code == http.StatusNotModified && cached != nil:
		return cached, s.Proxy.Store.Touch(path)
	case code == http.StatusOK:
		return s.keep(ctx, path, response)
	case code == http.StatusNotFound || code == http.StatusGone:
		if s.Proxy.Remote.NegativeCache {
			s.Proxy.State.Missing(path, time.Duration(s.Proxy.Remote.NegativeTTL)*time.Minute)
		}
		return nil, ErrNotFound
	case code >= 500:
		s.Proxy.State.Failed(s.Proxy.Remote.AutoBlock)
		return nil, fmt.Errorf("%w: it answered %d", ErrRemote, code)
	default:
		return nil, fmt.Errorf("%w: the remote answered %d", ErrNotFound, code)
	}
}

const remoteETag = "remote.etag"

func (s ProxySource) keep(ctx context.Context, path string, response *http.Response) (*Content, error) {
	s.Proxy.State.Succeeded()
	store := s.Proxy.Store
	staged, err := store.Stage(ctx, response.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRemote, err)
	}
	if response.ContentLength >= 0 && !response.Uncompressed && staged.Size != response.ContentLength {
		store.Discard(staged)
		return nil, fmt.Errorf("%w: the remote closed the connection early", ErrRemote)
	}
	contentType := response.Header.Get("Content-Type")
	if s.Check != nil {
		if err := s.Check(path, staged, contentType); err != nil {
			store.Discard(staged)
			return nil, err
		}
	}
	options := PutOptions{ContentType: contentType, Attributes: map[string]string{}}
	if s.Attributes != nil {
		maps.Copy(options.Attributes, s.Attributes(path))
	}
	if etag := response.Header.Get("ETag"); etag != "" {
		options.Attributes[remoteETag] = etag
	}
	if modified, err := http.ParseTime(response.Header.Get("Last-Modified")); err == nil {
		options.LastModified = modified
	}
	if _, err := store.Commit(ctx, path, staged, options); err != nil {
		return nil, err
	}
	return store.Open(path)
}

func (s ProxySource) url(path string) string {
	if s.RemotePath != nil {
		path = s.RemotePath(path)
	}
	if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
		return path
	}
	return s.Proxy.Remote.URL + "/" + EscapePath(path)
}

// Fetch requests something from the remote of a proxy without caching it. The caller closes the body.
func Fetch(ctx context.Context, proxy *Repository, remotePath string) (io.ReadCloser, error) {
	source := ProxySource{Proxy: proxy}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, source.url(remotePath), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrInvalid, err)
	}
	response, err := proxy.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRemote, err)
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("%w: the remote answered %d", ErrNotFound, response.StatusCode)
	}
	return response.Body, nil
}

// CleanPath is the stored form of a path: no leading slash, no dot segments; false if the path leaves the root.
func CleanPath(urlPath string) (string, bool) {
	trimmed := strings.TrimLeft(urlPath, "/")
	for _, segment := range strings.Split(trimmed, "/") {
		if segment == ".." || segment == "." {
			return "", false
		}
	}
	cleaned := strings.TrimPrefix(path.Clean("/"+trimmed), "/")
	return cleaned, cleaned != ""
}
