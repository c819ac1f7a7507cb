package repositories

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
)

// asMember is a repository as the groups see that it is a member of.
func (m *Manager) asMember(running *Running) *content.Repository {
	if running.Record.Rule == "" {
		return running.Repository
	}
	member := *running.Repository
	member.Source = content.Ruled{Source: member.Source, Lets: m.lets(running.Record)}
	return &member
}

func (m *Manager) lets(record Record) func(path string) bool {
	return func(path string) bool { return m.settings.Lets(record.Rule, path) }
}

// ruledDocker is a proxy of images with a routing rule, in a group or by itself.
type ruledDocker struct {
	dockerrepo.Handler
	lets func(path string) bool
}

func (d ruledDocker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.lets(r.URL.Path) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"errors":[{"code":"DENIED","message":"Routing rules block the requested item from this repository"}]}` + "\n"))
		return
	}
	d.Handler.ServeHTTP(w, r)
}
