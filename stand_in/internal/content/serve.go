package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Serve sends an opened asset as the real server does, with ETag (SHA-1) and Last-Modified: one range at most, for GET only, and
// then the conditions.
func Serve(w http.ResponseWriter, r *http.Request, c *Content) { serve(w, r, c, true) }

// ServeWhole is Serve without ranges.
func ServeWhole(w http.ResponseWriter, r *http.Request, c *Content) { serve(w, r, c, false) }

func serve(w http.ResponseWriter, r *http.Request, c *Content, ranges bool) {
	header, get := w.Header(), r.Method == http.MethodGet
	if c.SHA1 != "" {
		header.Set("ETag", `"`+c.SHA1+`"`)
	}
	header.Set("Last-Modified", c.LastModified.UTC().Format(http.TimeFormat))
	info, err := c.File.Stat()
	if err != nil {
		WriteError(w, r, err)
		return
	}
	from, length, status := int64(0), info.Size(), http.StatusOK
	if ranges && get && r.Header.Get("Range") != "" {
		from, length, status = rangeOf(r.Header.Get("Range"), info.Size())
	}
	if status == http.StatusRequestedRangeNotSatisfiable {
		for _, name := range []string{"ETag", "Last-Modified"} {
			header.Del(name)
		}
		header.Set("Content-Range", fmt.Sprintf("bytes */%d", info.Size()))
		WriteStatus(w, r, status, "")
		return
	}
	if status == http.StatusPartialContent && !sameAsRange(r.Header.Get("If-Range"), header) {
		from, length, status = 0, info.Size(), http.StatusOK
	}
	if refused := condition(r, header); refused != 0 {
		refuseCondition(w, r, refused)
		return
	}
	if c.Downloaded != nil && get {
		c.Downloaded()
	}
	if status == http.StatusPartialContent {
		header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+length-1, info.Size()))
	}
	header.Set("Content-Type", c.ContentType)
	header.Set("Content-Length", strconv.FormatInt(length, 10))
	w.WriteHeader(status)
	if get {
		if _, err := c.File.Seek(from, io.SeekStart); err != nil {
			panic(http.ErrAbortHandler) // the client must notice that the body is incomplete
		}
		io.CopyN(w, c.File, length)
	}
}

// rangeOf parses a Range header. Several ranges and what cannot be parsed mean everything.
func rangeOf(text string, size int64) (from, length int64, status int) {
	spec, is := strings.CutPrefix(text, "bytes=")
	first, last, two := strings.Cut(spec, "-")
	last, _, _ = strings.Cut(last, "-")
	begin, noBegin := strconv.ParseInt(first, 10, 64)
	end, noEnd := strconv.ParseInt(last, 10, 64)
	switch {
	case !is || !two || strings.Contains(spec, ",") || first != "" && noBegin != nil || last != "" && noEnd != nil || first+last == "":
		return 0, size, http.StatusOK
	case first == "" && end <= size:
		begin, end = size-end, size-1
	case first == "":
		return 0, 0, http.StatusRequestedRangeNotSatisfiable
	case last == "":
		end = size - 1
	case end < begin:
		return 0, size, http.StatusOK
	}
	if begin >= size {
		return 0, 0, http.StatusRequestedRangeNotSatisfiable
	}
	return begin, min(end, size-1) - begin + 1, http.StatusPartialContent
}

func sameAsRange(sent string, header http.Header) bool {
	if sent == "" || strings.HasPrefix(sent, `"`) {
		return sent == "" || sent == header.Get("ETag")
	}
	wanted, err := http.ParseTime(sent)
	return err == nil && wanted.UTC().Format(http.TimeFormat) == header.Get("Last-Modified")
}

// condition returns the status with which the conditions of a request refuse it, or 0. The header is that of a GET.
func condition(r *http.Request, header http.Header) int {
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	after := func(name string, otherwise bool) bool {
		modified, err := http.ParseTime(header.Get("Last-Modified"))
		limit, wrong := http.ParseTime(r.Header.Get(name))
		if err != nil || wrong != nil {
			return otherwise
		}
		return modified.After(limit)
	}
	has := func(sent string) bool {
		return sent == "*" || header.Get("ETag") != "" && strings.Contains(sent, header.Get("ETag"))
	}
	if sent := r.Header.Get("If-Match"); sent != "" {
		if !has(sent) {
			return http.StatusPreconditionFailed
		}
	} else if r.Header.Get("If-Unmodified-Since") != "" && after("If-Unmodified-Since", false) {
		return http.StatusPreconditionFailed
	}
	if sent := r.Header.Get("If-None-Match"); sent != "" {
		if has(sent) && read {
			return http.StatusNotModified
		}
		if has(sent) {
			return http.StatusPreconditionFailed
		}
	} else if read && r.Header.Get("If-Modified-Since") != "" && !after("If-Modified-Since", true) {
		return http.StatusNotModified
	}
	return 0
}

func refuseCondition(w http.ResponseWriter, r *http.Request, status int) {
	if status == http.StatusNotModified {
		w.Header().Del("Last-Modified")
		w.WriteHeader(status)
		return
	}
	w.Header().Del("ETag")
	w.Header().Del("Last-Modified")
	WriteStatus(w, r, status, "")
}

// Refused answers a PUT, POST or DELETE whose conditions the stored asset does not meet.
func Refused(w http.ResponseWriter, r *http.Request, repository *Repository, path string) bool {
	stored := repository.Store.Get(path)
	if stored == nil {
		return false
	}
	header := http.Header{"Etag": {`"` + stored.SHA1 + `"`}, "Last-Modified": {stored.LastModified.UTC().Format(http.TimeFormat)}}
	refused := condition(r, header)
	if refused != 0 {
		refuseCondition(w, r, refused)
	}
	return refused != 0
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
