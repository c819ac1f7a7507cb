package server

import (
	"log/slog"
	"net/http"
	"time"
)

// recorder notes what is needed for the log.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	user   string
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(data)
	r.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController the writer below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func noteUser(w http.ResponseWriter, user string) {
	if r, ok := w.(*recorder); ok {
		r.user = user
	}
}

// logged writes one line per request. Query strings and headers stay out: they may hold credentials.
func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		record := &recorder{ResponseWriter: w}
		defer func() { // also when the connection is dropped
			slog.Info("request", "method", r.Method, "host", r.Host, "path", r.URL.Path, "status", record.status, "bytes", record.bytes,
				"user", record.user, "ms", time.Since(started).Milliseconds())
		}()
		next.ServeHTTP(record, r)
	})
}
