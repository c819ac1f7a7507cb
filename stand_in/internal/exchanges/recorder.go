package exchanges

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
)

// recorder keeps a copy of an answer that is JSON.
type recorder struct {
	http.ResponseWriter
	status  int
	started bool
	body    bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	if !r.started {
		r.status, r.started = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	r.started = true
	if isJSON(r.Header()) {
		r.body.Write(data)
	}
	return r.ResponseWriter.Write(data)
}

// Unwrap gives http.ResponseController the writer below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// listen gives what will be read of a request's body when that is JSON.
func listen(r *http.Request) *bytes.Buffer {
	heard := &bytes.Buffer{}
	if isJSON(r.Header) {
		body := r.Body
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(body, heard), body}
	}
	return heard
}

func isJSON(header http.Header) bool {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}
