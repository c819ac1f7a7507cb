package content

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// Unexpected is an exception of the real server, answered with 500 and for forms with its class.
type Unexpected struct{ Class, Message string }

func (u *Unexpected) Error() string { return u.Class + ": " + u.Message }

// Status is the HTTP status for an error of this package.
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

// WriteError answers a request for content with the status of err: an HTML page for reads, an empty body for writes.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	WriteStatus(w, r, Status(err), err.Error())
}

// page is an error page with the head of the real server's pages, which clients may parse.
const page = `
<!DOCTYPE html>
<html lang="en">
<head>
  <title>%[1]d - Sonatype Nexus Repository</title>
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>


  <link rel="icon" type="image/png" href="%[2]sstatic/rapture/resources/safari-favicon-32x32.png?%[3]s" sizes="32x32">
  <link rel="mask-icon" href="data:,">
  <style>body { font-family: sans-serif; margin: 4em auto; max-width: 40em; color: #333 }</style>
</head>
<body>
  <h1>%[1]d %[4]s</h1>
  <p>%[5]s</p>
  <p><small>This is a stand-in for Sonatype Nexus Repository %[3]s.</small></p>
</body>
</html>
`

// WriteStatus answers with an HTML error page to GET, HEAD and POST, and with an empty body to other methods.
func WriteStatus(w http.ResponseWriter, r *http.Request, status int, reason string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.WriteHeader(status)
		return
	}
	requester := RequesterOf(r.Context())
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate, post-check=0, pre-check=0")
	w.WriteHeader(status)
	up := strings.Repeat("../", max(strings.Count(requester.Path, "/")-1, 0))
	fmt.Fprintf(w, page, status, up, html.EscapeString(requester.Version), http.StatusText(status), html.EscapeString(reason))
}
