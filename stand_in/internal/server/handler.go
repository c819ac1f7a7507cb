package server

import (
	"net"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/rest"
	"repository-store/nexus-stand-in/internal/security"
)

// standInHeader marks the stand-in; the Server header has the form of the real server, since clients parse it.
const standInHeader = "X-Stand-In"

const basicChallenge = `BASIC realm="Sonatype Nexus Repository Manager"`

// handler serves the main port.
func (s *Server) handler() http.Handler {
	unjournaled := s.pace(s.api())
	api, direct := s.identified(s.audited(s.journaled(unjournaled))), s.identified(unjournaled)
	uploads := s.agreed(api)
	files := s.agreed(s.identified(s.auditedContent(http.HandlerFunc(s.serveContent))))
	dockerPath, sharedDocker := s.agreed(http.HandlerFunc(s.serveDockerPath)), s.agreed(http.HandlerFunc(s.sharedDocker))
	folders := s.identified(http.HandlerFunc(s.serveFolder))
	page := s.identified(http.HandlerFunc(s.servePage))
	metrics := s.identified(http.HandlerFunc(s.serveMetrics))
	return s.outer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == uploadPath && r.Method == http.MethodPost:
			uploads.ServeHTTP(w, r)
		case strings.HasPrefix(path, foldersPath):
			folders.ServeHTTP(w, r)
		case strings.HasPrefix(path, "/service/rest/"):
			api.ServeHTTP(w, r)
		case path == rest.DirectPath:
			direct.ServeHTTP(w, r)
		case path == metricsPath:
			metrics.ServeHTTP(w, r)
		case s.isDockerPath(path):
			s.usage.Request()
			dockerPath.ServeHTTP(w, r)
		case strings.HasPrefix(path, "/repository/"):
			s.usage.Request()
			files.ServeHTTP(w, r)
		case path == "/v2" || strings.HasPrefix(path, "/v2/"):
			s.usage.Request()
			sharedDocker.ServeHTTP(w, r)
		default:
			page.ServeHTTP(w, r)
		}
	}))
}

// journaled records the exchanges of the REST API if there is a journal.
func (s *Server) journaled(api http.Handler) http.Handler {
	if s.journal == nil {
		return api
	}
	return s.journal.Around(api)
}

// outer wraps all handlers with common headers, faults, counters and the request log.
func (s *Server) outer(next http.Handler) http.Handler {
	server := "Nexus/" + s.generation.Version + " (" + s.generation.Edition + ")"
	around := next
	if s.options.FaultsAddress != "" {
		around = s.faults.Around(next)
	}
	return logged(s.traffic.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", server)
		if r.Method == http.MethodTrace {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set(standInHeader, "Nexus Repository is played, see /")
		requester := content.Requester{IP: clientIP(r), Path: r.URL.Path, Version: s.generation.Version}
		around.ServeHTTP(w, r.WithContext(content.WithRequester(r.Context(), requester)))
	})))
}

// identified authenticates a request. Wrong credentials are rejected before any other check.
func (s *Server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		principal := s.security.AnonymousPrincipal()
		if given := loginOf(r); given.attempted {
			user, right := s.authenticate(given)
			if !right {
				s.auditWrongLogin(r, user)
				challenge(w)
				return
			}
			principal = security.Principal{UserID: user}
		}
		requester := content.RequesterOf(r.Context())
		requester.User = principal.UserID
		ctx := content.WithRequester(rest.WithPrincipal(r.Context(), principal), requester)
		noteUser(r, principal.UserID)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func challenge(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", basicChallenge)
	w.WriteHeader(http.StatusUnauthorized)
}

// clientIP is the address of the client, from X-Forwarded-For or else from the connection.
func clientIP(r *http.Request) string {
	if forwarded, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); strings.TrimSpace(forwarded) != "" {
		return strings.TrimSpace(forwarded)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
