package dockerrepo

import (
	"encoding/json"
	"net/http"
)

// The error codes of the registry API that this package sends; the CNCF registry sends its own.
const (
	codeUnknown         = "UNKNOWN"
	codeDenied          = "DENIED"
	codeUnauthorized    = "UNAUTHORIZED"
	codeUnsupported     = "UNSUPPORTED"
	codeTooMany         = "TOOMANYREQUESTS"
	codeNameUnknown     = "NAME_UNKNOWN"
	codeManifestUnknown = "MANIFEST_UNKNOWN"
	codeManifestInvalid = "MANIFEST_INVALID"
	codeBlobUnknown     = "BLOB_UNKNOWN"
	codeUploadInvalid   = "BLOB_UPLOAD_INVALID"
)

// apiError is answered in the JSON of the registry API.
type apiError struct {
	status  int
	code    string
	message string
}

func (e *apiError) Error() string { return e.message }

func (e *apiError) serve(w http.ResponseWriter) { writeError(w, e.status, e.code, e.message) }

type errorEntry struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Detail  string `json:"detail,omitempty"`
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	writeErrorEntry(w, status, errorEntry{Code: code, Message: message})
}

func writeErrorEntry(w http.ResponseWriter, status int, entry errorEntry) {
	writeJSON(w, status, map[string]any{"errors": []errorEntry{entry}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client is gone
}

func notFound(route route) *apiError {
	switch route.kind {
	case kindManifest:
		return &apiError{http.StatusNotFound, codeManifestUnknown, "manifest unknown: " + route.name + " " + route.reference}
	case kindBlob:
		return &apiError{http.StatusNotFound, codeBlobUnknown, "blob unknown: " + route.reference}
	case kindReferrers: // NAME_UNKNOWN would keep clients from falling back to tags
		return &apiError{http.StatusNotFound, codeUnsupported, "there is no referrers API for " + route.name}
	}
	return &apiError{http.StatusNotFound, codeNameUnknown, "repository name not known: " + route.name}
}
