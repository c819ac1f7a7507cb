package repositories

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
)

// asMember returns a repository for use in groups, with its routing rule applied.
func (m *Manager) asMember(running *Running) *content.Repository {
	if running.Record.Rule == "" {
		return running.Repository
	}
	member := *running.Repository
	member.Source = content.Ruled{Source: member.Source, Allows: m.allows(running.Record)}
	return &member
}

func (m *Manager) allows(record Record) func(path string) bool {
	return func(path string) bool { return m.settings.Allows(record.Rule, path) }
}

// ruledDocker is a docker proxy with a routing rule.
type ruledDocker struct {
	dockerrepo.Handler
	allows func(path string) bool
}

func (d ruledDocker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.allows(r.URL.Path) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"errors":[{"code":"DENIED","message":"Routing rules block the requested item from this repository"}]}` + "\n"))
		return
	}
	d.Handler.ServeHTTP(w, r)
}
