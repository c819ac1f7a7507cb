package server

import (
	"net"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/rest"
	"repository-store/nexus-stand-in/internal/security"
)

// standInHeader tells the stand-in from a real server, whose Server header clients take apart.
const standInHeader = "X-Stand-In"

const basicChallenge = `BASIC realm="Sonatype Nexus Repository Manager"`

// handler answers on the main port.
func (s *Server) handler() http.Handler {
	unjournaled := s.pace(s.api())
	api, direct := s.identified(s.audited(s.journaled(unjournaled))), s.identified(unjournaled)
	files := s.identified(s.auditedContent(http.HandlerFunc(s.serveContent)))
	page := s.identified(http.HandlerFunc(s.servePage))
	metrics := s.identified(http.HandlerFunc(s.serveMetrics))
	return s.outer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case strings.HasPrefix(path, "/service/rest/"):
			api.ServeHTTP(w, r)
		case path == rest.DirectPath:
			direct.ServeHTTP(w, r)
		case path == metricsPath:
			metrics.ServeHTTP(w, r)
		case s.isDockerPath(path):
			s.usage.Request()
			s.serveDockerPath(w, r)
		case strings.HasPrefix(path, "/repository/"):
			s.usage.Request()
			files.ServeHTTP(w, r)
		case path == "/v2" || strings.HasPrefix(path, "/v2/"):
			s.usage.Request()
			s.sharedDocker(w, r)
		default:
			page.ServeHTTP(w, r)
		}
	}))
}

// journaled writes down what the REST API is asked and answers, if the server was told to.
func (s *Server) journaled(api http.Handler) http.Handler {
	if s.journal == nil {
		return api
	}
	return s.journal.Around(api)
}

// outer is around everything: what every answer carries, and the log.
func (s *Server) outer(next http.Handler) http.Handler {
	server := "Nexus/" + s.generation.Version + " (" + s.generation.Edition + ")"
	around := next
	if s.options.FaultsAddress != "" {
		around = s.faults.Around(next)
	}
	return logged(s.traffic.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", server)
		w.Header().Set(standInHeader, "Nexus Repository is played, see /")
		requester := content.Requester{IP: clientIP(r), Path: r.URL.Path, Version: s.generation.Version}
		around.ServeHTTP(w, r.WithContext(content.WithRequester(r.Context(), requester)))
	})))
}

// identified finds out who sends a request. Wrong credentials are refused before anything else is looked at.
func (s *Server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		principal := s.security.AnonymousPrincipal()
		if user, password, ok := r.BasicAuth(); ok {
			if !s.security.Authenticate(user, password) {
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

// clientIP is the address of the client, as a reverse proxy reports it or as it is.
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
