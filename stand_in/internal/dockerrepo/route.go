package dockerrepo

import (
	"net/http"
	"regexp"
	"strings"
)

type kind int

const (
	kindOther kind = iota
	kindBase
	kindToken
	kindCatalog
	kindManifest
	kindBlob
	kindUpload
	kindTags
	kindReferrers
	kindPing   // /v1/_ping
	kindSearch // /v1/search
)

// route is the parsed path of a request.
type route struct {
	kind      kind
	name      string // of the image
	reference string // tag or digest
}

var imagePath = regexp.MustCompile(`^/v2/(.+)/(manifests|blobs|tags|referrers)/(.*)$`)

func routeOf(r *http.Request) route {
	switch path := r.URL.Path; path {
	case "/v2", "/v2/":
		return route{kind: kindBase}
	case "/v2/token":
		return route{kind: kindToken}
	case "/v2/_catalog":
		return route{kind: kindCatalog}
	case "/v1/_ping":
		return route{kind: kindPing}
	case "/v1/search":
		return route{kind: kindSearch}
	default:
		return imageRoute(path)
	}
}

func imageRoute(path string) route {
	parts := imagePath.FindStringSubmatch(path)
	if parts == nil {
		return route{}
	}
	found := route{name: parts[1], reference: parts[3]}
	switch parts[2] {
	case "manifests":
		found.kind = kindManifest
	case "tags":
		found.kind = kindTags
	case "referrers":
		found.kind = kindReferrers
	case "blobs":
		found.kind = kindBlob
		if found.reference == "uploads" || strings.HasPrefix(found.reference, "uploads/") {
			found.kind = kindUpload
		}
	}
	return found
}

// path is the inverse of routeOf for requests about images.
func (t route) path() string {
	kinds := map[kind]string{kindManifest: "manifests", kindBlob: "blobs", kindTags: "tags", kindReferrers: "referrers"}
	return "/v2/" + t.name + "/" + kinds[t.kind] + "/" + t.reference
}

func (t route) byDigest() bool { return strings.Contains(t.reference, ":") }

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

func (t route) version1() bool { return t.kind == kindPing || t.kind == kindSearch }
