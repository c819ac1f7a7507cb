package server

import (
	"net/http"
	"strings"
)

// noEULA is the answer of the Community Edition to requests for content while its licence agreement is missing. What is known of it
// is from reports about 3.77 to 3.96: the text (alex9849/advanced-region-market#172; 192 bytes, measured on 3.96), 403 for POMs and JARs, and
// for every request to a docker connector, without a login too. That uploads over REST are refused is in Sonatype's documentation
// of the EULA REST API; whether the text is the same there is not known.
const noEULA = "You must accept the End User License Agreement (EULA) through the onboarding wizard or REST API before proceeding. " +
	"See https://links.sonatype.com/products/nxrm3/docs/ce-onboarding for details."

const uploadPath = "/service/rest/v1/components"

// agreed answers requests for content with 403 while the licence agreement is missing, before it looks at the login. The metadata of
// npm and PyPI is served, as it was measured on 3.96; whether that of other formats is served is not known.
func (s *Server) agreed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.settings.LacksEULA() || s.isMetadata(r) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusForbidden)
		if r.Method != http.MethodHead {
			_, _ = w.Write([]byte(noEULA))
		}
	})
}

// isMetadata reports whether a request reads a document of npm or a page of PyPI that lists packages.
func (s *Server) isMetadata(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !strings.HasPrefix(r.URL.Path, "/repository/") {
		return false
	}
	name, rest, _ := splitPath(r.URL.Path)
	record, ok := s.repositories.Find(name)
	if !ok {
		return false
	}
	switch record.Format {
	case "npm":
		return !strings.Contains(rest, "/-/")
	case "pypi":
		return strings.HasPrefix(rest, "/simple/")
	}
	return false
}
