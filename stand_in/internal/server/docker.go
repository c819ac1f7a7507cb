package server

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/felixge/httpsnoop"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/security"
)

// dockerAccess implements dockerrepo.Access with the security settings.
type dockerAccess struct{ server *Server }

func (d dockerAccess) Authenticate(user, password string) (dockerrepo.Principal, bool) {
	return user, d.server.security.Authenticate(user, password)
}

func (d dockerAccess) Allowed(principal dockerrepo.Principal, repository, action string) bool {
	record, ok := d.server.repositories.Find(repository)
	return ok && d.server.security.AllowedContent(security.Principal{UserID: principal}, record.Format, record.Name, "", action)
}

func (d dockerAccess) Anonymous() (dockerrepo.Principal, bool) {
	principal := d.server.security.AnonymousPrincipal()
	return principal.UserID, principal.UserID != ""
}

func (d dockerAccess) RealmActive(name string) bool { return d.server.security.RealmActive(name) }

// registryError answers in the JSON of the registry API, which docker prints.
func registryError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errors":[{"code":%q,"message":%q}]}`+"\n", code, message)
}

// dockerConnector serves the port of a docker repository.
func (s *Server) dockerConnector(repository string) http.Handler {
	return s.outer(s.agreed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running, ok := s.repositories.Run(repository)
		if !ok {
			registryError(w, http.StatusNotFound, "NAME_UNKNOWN", "repository "+repository+" does not exist")
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/v2") && !strings.HasPrefix(r.URL.Path, "/v1/") {
			content.WriteStatus(w, r, http.StatusBadRequest, "This port is for docker clients only")
			return
		}
		s.usage.Request()
		s.serveDocker(w, r, running)
	})))
}

// serveDocker serves a docker repository; the path is that of the registry protocol.
func (s *Server) serveDocker(w http.ResponseWriter, r *http.Request, running *repositories.Running) {
	isRead := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case !running.Online:
		registryError(w, http.StatusServiceUnavailable, "UNAVAILABLE", "repository "+running.Name+" is offline")
		return
	case !isRead && s.settings.Frozen():
		registryError(w, http.StatusServiceUnavailable, "UNAVAILABLE", "the server is in read-only mode")
		return
	case !isRead && s.blobs.Full():
		registryError(w, http.StatusInternalServerError, "UNKNOWN", "unknown error: No space left on device")
		return
	}
	handler, err := s.repositories.Docker(running)
	if err != nil {
		registryError(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
		return
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{s.blobs.UntilFull(r.Body), r.Body}
	dockerrepo.WithAccess(dockerAccess{s}, s.tokens, running.Repository, handler).ServeHTTP(w, r)
}

// sharedDocker serves /v2/... on the main port, where the subdomain or the first part of the image name selects the
// repository.
func (s *Server) sharedDocker(w http.ResponseWriter, r *http.Request) {
	if running := s.bySubdomain(r.Host); running != nil {
		s.serveDocker(w, r, running)
		return
	}
	rest := strings.TrimPrefix(r.URL.Path, "/v2/")
	switch rest {
	case "/v2", "":
		dockerrepo.Challenge(dockerAccess{s}, s.tokens).ServeHTTP(w, r)
		return
	case "token":
		dockerrepo.TokenEndpoint(dockerAccess{s}, s.tokens).ServeHTTP(w, r)
		return
	}
	name, _, _ := strings.Cut(rest, "/")
	running, ok := s.repositories.Run(name)
	if !ok || !running.Record.IsDocker() || !repositories.PathEnabled(&running.Record) {
		registryError(w, http.StatusNotFound, "NAME_UNKNOWN", "no docker repository of that name answers by its path")
		return
	}
	s.serveMounted(w, r, running, "/v2/"+name+"/", "/v2/")
}

func (s *Server) bySubdomain(host string) *repositories.Running {
	label, _, _ := strings.Cut(host, ".")
	for _, record := range s.repositories.All() {
		if record.IsDocker() && repositories.Subdomain(&record) != "" && strings.EqualFold(repositories.Subdomain(&record), label) {
			running, _ := s.repositories.Run(record.Name)
			return running
		}
	}
	return nil
}

// serveMounted serves a docker repository under another path: it replaces outer with inner in the request, and inner with
// outer in the URLs of the response.
func (s *Server) serveMounted(w http.ResponseWriter, r *http.Request, running *repositories.Running, outer, inner string) {
	request := r.Clone(r.Context())
	request.URL.Path = inner + strings.TrimPrefix(r.URL.Path, outer)
	request.URL.RawPath = ""
	s.serveDocker(rewriteHeaders(w, outer, inner), request, running)
}

// rewriteHeaders rewrites the URLs in the headers of a response.
func rewriteHeaders(w http.ResponseWriter, outer, inner string) http.ResponseWriter {
	return httpsnoop.Wrap(w, httpsnoop.Hooks{WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
		return func(status int) {
			for _, name := range []string{"Location", "Link"} {
				if value := w.Header().Get(name); value != "" {
					w.Header().Set(name, rewriteURL(value, outer, inner))
				}
			}
			next(status)
		}
	}})
}

// rewriteURL replaces the beginning of the path of a URL, which may be absolute or in the angle brackets of a Link.
func rewriteURL(value, outer, inner string) string {
	start := 0
	if i := strings.Index(value, "://"); i >= 0 {
		start = i + len("://")
	}
	slash := strings.Index(value[start:], "/")
	if slash < 0 || !strings.HasPrefix(value[start+slash:], inner) {
		return value
	}
	at := start + slash
	return value[:at] + outer + value[at+len(inner):]
}
