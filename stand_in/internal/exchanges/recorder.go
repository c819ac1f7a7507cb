package exchanges

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/felixge/httpsnoop"
)

// answer is what the journal keeps of a response.
type answer struct {
	status int
	body   bytes.Buffer
}

// record wraps w and keeps a copy of a JSON body.
func (a *answer) record(w http.ResponseWriter) http.ResponseWriter {
	started := false
	return httpsnoop.Wrap(w, httpsnoop.Hooks{
		WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(status int) {
				if !started {
					a.status, started = status, true
				}
				next(status)
			}
		},
		Write: func(next httpsnoop.WriteFunc) httpsnoop.WriteFunc {
			return func(data []byte) (int, error) {
				started = true
				if isJSON(w.Header()) {
					a.body.Write(data)
				}
				return next(data)
			}
		},
		ReadFrom: func(next httpsnoop.ReadFromFunc) httpsnoop.ReadFromFunc {
			return func(source io.Reader) (int64, error) {
				started = true
				if isJSON(w.Header()) {
					source = io.TeeReader(source, &a.body)
				}
				return next(source)
			}
		},
	})
}

// copyBody returns a buffer that gets a copy of a JSON request body as it is read.
func copyBody(r *http.Request) *bytes.Buffer {
	copied := &bytes.Buffer{}
	if isJSON(r.Header) {
		body := r.Body
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(body, copied), body}
	}
	return copied
}

func isJSON(header http.Header) bool {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}
