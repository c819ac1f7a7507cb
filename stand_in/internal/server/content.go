package server

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/rest"
)

const contentPolicy = "sandbox allow-forms allow-modals allow-popups allow-presentation allow-scripts allow-top-navigation"

// splitPath splits /repository/<name>/<rest>; complete is false if there is no slash after the name.
func splitPath(path string) (name, rest string, complete bool) {
	name, rest, complete = strings.Cut(strings.TrimPrefix(path, "/repository/"), "/")
	return name, "/" + rest, complete
}

// canonical is a path without dot segments and empty ones; it keeps a slash at the end.
func canonical(sent string) string {
	cleaned := path.Clean(sent)
	if strings.HasSuffix(sent, "/") && cleaned != "/" {
		cleaned += "/"
	}
	return cleaned
}

// isDockerPath reports whether a path belongs to a docker repository, which has its own authentication.
func (s *Server) isDockerPath(path string) bool {
	if !strings.HasPrefix(path, "/repository/") {
		return false
	}
	name, _, _ := splitPath(path)
	record, ok := s.repositories.Find(name)
	return ok && record.IsDocker()
}

func (s *Server) serveDockerPath(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := splitPath(r.URL.Path)
	running, ok := s.repositories.Run(name)
	if !ok || !strings.HasPrefix(rest, "/v2") && !strings.HasPrefix(rest, "/v1/") {
		content.WriteStatus(w, r, http.StatusNotFound, "There is nothing of that name")
		return
	}
	s.serveMounted(w, r, running, "/repository/"+name+"/", "/")
}

// serveContent serves /repository/.
func (s *Server) serveContent(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", contentPolicy)
	name, rest, complete := splitPath(canonical(r.URL.Path))
	if !complete {
		content.WriteStatus(w, r, http.StatusBadRequest, "The address of a repository ends with a slash")
		return
	}
	running, ok := s.repositories.Run(name)
	if !ok {
		content.WriteStatus(w, r, http.StatusNotFound, "There is no repository of that name")
		return
	}
	if s.servesNpmLogin(w, r, running, rest) || !s.admitted(w, r, running, rest) {
		return
	}
	inner := r.Clone(r.Context())
	inner.URL = &url.URL{Path: rest, RawQuery: r.URL.RawQuery}
	if raw := r.URL.EscapedPath(); raw != r.URL.Path {
		if _, escaped, found := strings.Cut(strings.TrimPrefix(canonical(raw), "/repository/"), "/"); found {
			inner.URL.RawPath = "/" + escaped
		}
	}
	running.Handler.ServeHTTP(w, inner)
}

// admitted makes the checks that do not depend on the format, and answers rejected requests.
func (s *Server) admitted(w http.ResponseWriter, r *http.Request, running *repositories.Running, path string) bool {
	principal := rest.PrincipalOf(r.Context())
	isRead := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case !s.security.AllowedContent(principal, running.Record.Format, running.Name, path, action(r.Method)):
		if principal.Anonymous {
			challenge(w)
		} else {
			content.WriteStatus(w, r, http.StatusForbidden, "You have no permission for that")
		}
	case !running.Online:
		content.WriteStatus(w, r, http.StatusServiceUnavailable, "The repository is offline")
	case !isRead && s.settings.Frozen():
		content.WriteStatus(w, r, http.StatusServiceUnavailable, "The server is in read-only mode")
	case running.Record.Rule != "" && !s.settings.Allows(running.Record.Rule, path):
		content.WriteStatus(w, r, http.StatusForbidden, "The routing rule "+running.Record.Rule+" blocks this path")
	case running.Handler == nil:
		content.WriteStatus(w, r, http.StatusNotImplemented, "This stand-in keeps the settings of "+running.Record.Format+" repositories, not their content")
	default:
		return true
	}
	return false
}

// action is the action of the permission that a method needs.
func action(method string) string {
	switch method {
	case http.MethodPut:
		return "edit"
	case http.MethodPost, http.MethodPatch:
		return "add"
	case http.MethodDelete:
		return "delete"
	}
	return "read"
}
