package server

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/felixge/httpsnoop"
)

type userKey struct{}

// noteUser sets the user in the log line of a request.
func noteUser(r *http.Request, user string) {
	if noted, ok := r.Context().Value(userKey{}).(*string); ok {
		*noted = user
	}
}

// logged writes one line per request, without query string and headers, which may contain credentials.
func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var user string
		metrics := httpsnoop.Metrics{Code: http.StatusOK} // what net/http sends if a handler sets no status
		defer func() {                                    // also when the connection is dropped
			slog.Info("request", "method", r.Method, "host", r.Host, "path", r.URL.Path, "status", metrics.Code,
				"bytes", metrics.Written, "user", user, "ms", metrics.Duration.Milliseconds())
		}()
		metrics.CaptureMetrics(w, func(w http.ResponseWriter) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, &user)))
		})
	})
}
