package server

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/felixge/httpsnoop"

	"repository-store/nexus-stand-in/internal/audit"
	"repository-store/nexus-stand-in/internal/content"
)

// auditDomains are the domains in the real server's records, by resource of the REST API.
var auditDomains = map[string]string{
	"security/users": "security.user", "security/roles": "security.role", "security/privileges": "security.privilege",
	"security/content-selectors": "ContentSelector", "security/ssl": "security.sslcertificate",
	"security/anonymous": "security.anonymous", "security/realms": "security.realm",
	"repositories": "repository", "blobstores": "blobstore", "cleanup-policies": "cleanupPolicy", "routing-rules": "RoutingRule",
	"capabilities": "capability", "tasks": "tasks", "script": "script", "email": "email", "http": "httpclient", "read-only": "freeze",
}

// auditTypes are the real server's record types that differ from created, updated and deleted.
var auditTypes = map[string]string{
	"security.anonymous": "changed", "security.realm": "changed", "email": "changed", "httpclient": "changed", "tasks POST": "scheduled",
}

// isAudited reports whether the audit capability exists and is enabled.
func (s *Server) isAudited() bool {
	for _, capability := range s.settings.Capabilities().All() {
		if capability.String("type") == "audit" {
			return capability["enabled"] == nil || capability.Bool("enabled")
		}
	}
	return false
}

func (s *Server) audited(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, isRest := strings.CutPrefix(r.URL.Path, "/service/rest/v1/")
		if !isRest || r.Method == http.MethodGet || r.Method == http.MethodHead {
			api.ServeHTTP(w, r)
			return
		}
		name := objectName(r, strings.Split(path, "/"))
		if httpsnoop.CaptureMetrics(api, w, r).Code/100 == 2 {
			s.auditChange(r, path, name)
		}
	})
}

func (s *Server) auditChange(r *http.Request, path, name string) {
	first, rest, _ := strings.Cut(path, "/")
	domain := auditDomains[first]
	if first == "security" {
		second, _, _ := strings.Cut(rest, "/")
		domain = auditDomains["security/"+second]
	}
	if domain == "" || name == "" {
		return
	}
	kind := map[string]string{http.MethodPost: "created", http.MethodPut: "updated", http.MethodDelete: "deleted"}[r.Method]
	for _, key := range []string{domain, domain + " " + r.Method} {
		if word, ok := auditTypes[key]; ok {
			kind = word
		}
	}
	switch domain {
	case "freeze":
		kind = name
	case "security.anonymous":
		name = "system"
	}
	s.audit.Write(audit.Record{Initiator: initiator(r), Domain: domain, Type: kind, Context: name})
}

// objectName returns the name of the object of a request: from the path, or for a new object from the body.
func objectName(r *http.Request, path []string) string {
	last := path[len(path)-1]
	if len(path) > 1 && (last == "change-password" || last == "run" || last == "stop") {
		last = path[len(path)-2]
	}
	if r.Method != http.MethodPost || path[0] == "read-only" {
		return last
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return ""
	}
	text, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), failing{err}))
	var body map[string]any
	if json.Unmarshal(text, &body) != nil {
		return ""
	}
	for _, key := range []string{"userId", "name", "id", "type"} {
		if name, ok := body[key].(string); ok && name != "" {
			return name
		}
	}
	return ""
}

// failing ends the copy of a body with the error of the original.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// auditedContent records stored and deleted assets, without images.
func (s *Server) auditedContent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, isChange := map[string]string{http.MethodPut: "created", http.MethodDelete: "deleted"}[r.Method]
		if !isChange {
			next.ServeHTTP(w, r)
			return
		}
		if httpsnoop.CaptureMetrics(next, w, r).Code/100 == 2 {
			name, path, _ := splitPath(r.URL.Path)
			attributes := map[string]any{"repository.name": name, "path": path}
			s.audit.Write(audit.Record{Initiator: initiator(r), Domain: "repository.asset", Type: kind, Context: path, Attributes: attributes})
		}
	})
}

func (s *Server) auditWrongLogin(r *http.Request, user string) {
	ip := content.RequesterOf(r.Context()).IP
	s.audit.Write(audit.Record{Initiator: "*UNKNOWN/" + ip, Domain: "security.user", Type: "authentication", Attributes: map[string]any{
		"failureReasons": []string{"INCORRECT_CREDENTIALS"}, "wasSuccessful": false, "userId": user, "remoteIp": ip,
		"userAgent": r.UserAgent(), "path": r.URL.Path,
	}})
}

func initiator(r *http.Request) string {
	requester := content.RequesterOf(r.Context())
	return requester.User + "/" + requester.IP
}
