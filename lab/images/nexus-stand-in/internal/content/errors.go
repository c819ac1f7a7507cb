package content

import (
	"errors"
	"fmt"
	"html"
	"net/http"
)

// Status is the HTTP status that belongs to an error of this package.
func Status(err error) int {
	var invalid ValidationErrors
	switch {
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, ErrWritePolicy), errors.Is(err, ErrInvalid), errors.As(err, &invalid):
		return http.StatusBadRequest
	case errors.Is(err, ErrUnauthorized):
		return http.StatusForbidden
	case errors.Is(err, ErrRemote):
		return http.StatusBadGateway
	}
	return http.StatusInternalServerError
}

// WriteError answers a request for content with the status of err: an HTML page to readers, nothing to writers.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	WriteStatus(w, r, Status(err), err.Error())
}

// WriteStatus answers with an HTML error page, or with an empty body when the request was not a GET.
func WriteStatus(w http.ResponseWriter, r *http.Request, status int, reason string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>%d - stand-in for Sonatype Nexus Repository</title></head>\n"+
		"<body><h1>%d %s</h1><p>%s</p></body></html>\n", status, status, http.StatusText(status), html.EscapeString(reason))
}
