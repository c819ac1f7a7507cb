package content

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
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

// BaseURL is the address of the server as the client sees it, without a trailing slash. It follows the headers of proxies as
// Jetty does.
func BaseURL(r *http.Request) string {
	host := r.Host
	for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Server"} {
		if forwarded := r.Header.Get(name); forwarded != "" {
			host = forwarded
			break
		}
	}
	name, port := splitHost(host)
	if forwarded := r.Header.Get("X-Forwarded-Port"); forwarded != "" && (port == "" || r.Header.Get("X-Forwarded-Host") == "") {
		port = forwarded
	}
	return address(scheme(r), name, port)
}

// TokenRealm is the address that a docker client is sent to for a token. Nexus puts it together by itself: the whole of
// X-Forwarded-Host, and after it X-Forwarded-Port or else the port of Host. Read in core 3.77.0 for repositories on a
// subdomain; reported for the ports of repositories in 3.78.2 (nexus-public#611) and 3.80.0 (#651), with no release that mends it.
func TokenRealm(r *http.Request) string {
	name, port := splitHost(r.Host)
	if forwarded := r.Header.Get("X-Forwarded-Host"); forwarded != "" {
		name = forwarded
	}
	if forwarded := r.Header.Get("X-Forwarded-Port"); forwarded != "" {
		port = forwarded
	}
	return address(scheme(r), name, port) + "/v2/token"
}

func scheme(r *http.Request) string {
	if forwarded := r.Header.Get("X-Forwarded-Proto"); forwarded == "http" || forwarded == "https" {
		return forwarded
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// splitHost separates the port, which is empty if there is none; an IPv6 address keeps its brackets.
func splitHost(host string) (name, port string) {
	colon := strings.LastIndexByte(host, ':')
	if colon < 0 || strings.HasSuffix(host, "]") {
		return host, ""
	}
	return host[:colon], host[colon+1:]
}

func address(scheme, name, port string) string {
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return scheme + "://" + name
	}
	return scheme + "://" + name + ":" + port
}
