package repositories

import (
	"fmt"
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// dockerPart is the docker section of a docker or OCI repository, nil for other formats.
func dockerPart(r *Record) schema.Values {
	switch r.Format {
	case "docker":
		return r.Parts.Part("docker")
	case "oci":
		return r.Parts.Part("oci")
	}
	return nil
}

// Ports are the connector ports that a repository occupies.
func Ports(r *Record) []int64 {
	var ports []int64
	for _, name := range []string{"httpPort", "httpsPort"} {
		if port := dockerPart(r).Int(name); port != 0 {
			ports = append(ports, port)
		}
	}
	return ports
}

// HTTPPort is the HTTP connector port of a repository, or 0.
func HTTPPort(r *Record) int { return int(dockerPart(r).Int("httpPort")) }

// PathEnabled reports whether path-based routing is on: image names may begin with the name of the repository.
func PathEnabled(r *Record) bool { return dockerPart(r).Bool("pathEnabled") }

// IsDocker reports whether a repository speaks the registry protocol.
func (r *Record) IsDocker() bool { return r.Format == "docker" || r.Format == "oci" }

// Docker returns the handler of a docker repository, without authentication. It is created at the first request.
func (m *Manager) Docker(running *Running) (dockerrepo.Handler, error) {
	running.once.Do(func() { running.docker, running.dockerErr = m.buildDocker(running) })
	return running.docker, running.dockerErr
}

func (m *Manager) buildDocker(running *Running) (dockerrepo.Handler, error) {
	if err := m.blobs.CheckWritable(running.BlobStore); err != nil {
		return nil, err
	}
	root := m.registryRoot(running.BlobStore, running.Instance)
	switch running.Type {
	case content.Hosted:
		return dockerrepo.NewHosted(root, running.Repository)
	case content.Proxy:
		handler, err := dockerrepo.NewProxy(root, running.Repository)
		if err == nil && running.Record.Rule != "" {
			handler = ruledDocker{handler, m.allows(running.Record)}
		}
		return handler, err
	}
	return dockerrepo.NewGroup(running.Repository, func() []dockerrepo.Handler { return m.dockerMembers(running.Name) })
}

// dockerMembers returns the handlers of the members of a group; a member without a handler answers with its error.
func (m *Manager) dockerMembers(group string) []dockerrepo.Handler {
	record, _ := m.Find(group)
	var members []dockerrepo.Handler
	for _, name := range record.Members() {
		member, ok := m.Run(name)
		if !ok {
			continue
		}
		handler, err := m.Docker(member)
		if err != nil {
			handler = brokenDocker{fmt.Errorf("member %s: %w", name, err)}
		}
		members = append(members, handler)
	}
	return members
}

type brokenDocker struct{ cause error }

func (b brokenDocker) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, b.cause.Error(), http.StatusInternalServerError)
}

func (b brokenDocker) Close() error { return nil }

// InvalidateCache invalidates the cache of a proxy, or of the members of a group.
func (m *Manager) InvalidateCache(name string) error {
	running, ok := m.Run(name)
	if !ok {
		return problem.NotFound("Repository not found: %s", name)
	}
	if running.Type == content.Hosted {
		return problem.Refuse("You can invalidate cache of proxy or group repository only")
	}
	if running.State != nil {
		running.State.Invalidate()
	}
	for _, member := range running.Members() {
		if running.Type == content.Group && member.Type != content.Hosted {
			if err := m.InvalidateCache(member.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// RuleUsers counts the repositories with a routing rule.
func (m *Manager) RuleUsers(rule string) int {
	count := 0
	for _, record := range m.records.All() {
		if record.Rule == rule {
			count++
		}
	}
	return count
}

// RenameRule updates the repositories with a renamed routing rule.
func (m *Manager) RenameRule(from, to string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for _, record := range m.records.All() {
		if record.Rule != from {
			continue
		}
		record.Rule = to
		if err := m.records.Put(record.Name, record); err != nil {
			return err
		}
		m.retire(record.Instance)
	}
	return nil
}

// Subdomain is the first label of the host name that selects a repository, or "".
func Subdomain(r *Record) string { return dockerPart(r).String("subdomain") }
