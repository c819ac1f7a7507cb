package content

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
)

type contextKey int

const requesterKey contextKey = 0

// Requester describes the sender of a request. User and IP are recorded with the assets.
type Requester struct {
	User, IP string
	Path     string // of the URL, as sent
	Version  string // of Nexus that is played, for error pages
}

// WithRequester stores the requester in a context.
func WithRequester(ctx context.Context, requester Requester) context.Context {
	return context.WithValue(ctx, requesterKey, requester)
}

// RequesterOf returns the requester of a context.
func RequesterOf(ctx context.Context) Requester {
	requester, _ := ctx.Value(requesterKey).(Requester)
	return requester
}

// UploadForm is the form of POST /service/rest/v1/components; only small files are in memory.
type UploadForm struct {
	Fields map[string]string // raw.directory, maven2.groupId, ...
	Files  []UploadFile
}

// UploadFile is one file part of the form.
type UploadFile struct {
	Field string // raw.asset1, yum.asset, ...
	*multipart.FileHeader
}

// Open reads the file part.
func (f UploadFile) Open() (io.ReadCloser, error) { return f.FileHeader.Open() }

// ValidationError is one message about a rejected form.
type ValidationError struct {
	ID      string `json:"id"`
	Message string `json:"message"`
}

// ValidationErrors is answered with 400 and the list of errors.
type ValidationErrors []ValidationError

func (v ValidationErrors) Error() string {
	text := ""
	for _, e := range v {
		text += e.ID + ": " + e.Message + "; "
	}
	return text
}

// BaseURL is the address of the server as the client sees it, without a trailing slash.
func BaseURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	if forwarded := r.Header.Get("X-Forwarded-Proto"); forwarded == "http" || forwarded == "https" {
		scheme = forwarded
	}
	host := r.Host
	if forwarded := r.Header.Get("X-Forwarded-Host"); forwarded != "" {
		host = forwarded
	}
	return scheme + "://" + host
}
