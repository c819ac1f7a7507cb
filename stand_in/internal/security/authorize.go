package security

import "strings"

// Principal is the user of a request.
type Principal struct {
	UserID    string // empty: no credentials, and anonymous access is off
	Anonymous bool
}

// Authenticate checks credentials.
func (m *Manager) Authenticate(userID, password string) bool {
	if !m.RealmActive(AuthenticatingRealm) {
		return false
	}
	user, ok := m.users.Get(userID)
	if !ok || !user.mayLogIn() {
		return false
	}
	return m.passwords.matches(user.PasswordHash, password)
}

// AnonymousPrincipal is the principal of requests without credentials.
func (m *Manager) AnonymousPrincipal() Principal {
	settings := m.Anonymous()
	if !settings.Enabled {
		return Principal{Anonymous: true}
	}
	return Principal{UserID: settings.UserID, Anonymous: true}
}

// grants are the permissions of one user.
type grants struct {
	permissions []permission
	selectors   []selectorGrant
}

type selectorGrant struct {
	permission permission
	expression expression
}

// Allowed reports whether a principal has a permission, such as nexus:blobstores:read.
func (m *Manager) Allowed(p Principal, wanted ...string) bool {
	if p.UserID == "" {
		return false
	}
	held := m.grantsOf(p.UserID)
	request := parsePermission(strings.Join(wanted, ":"))
	for _, permission := range held.permissions {
		if permission.implies(request) {
			return true
		}
	}
	return false
}

// AllowedRepository reports whether a principal may administer a repository.
func (m *Manager) AllowedRepository(p Principal, format, repository, action string) bool {
	return m.Allowed(p, "nexus", RepositoryAdmin, format, repository, action)
}

// AllowedContent reports whether a principal may perform an action on a path of a repository; empty path: on any path.
func (m *Manager) AllowedContent(p Principal, format, repository, path, action string) bool {
	if m.Allowed(p, "nexus", RepositoryView, format, repository, action) {
		return true
	}
	if p.UserID == "" {
		return false
	}
	wanted := parsePermission(strings.Join([]string{"nexus", ContentSelector, format, repository, action}, ":"))
	for _, grant := range m.grantsOf(p.UserID).selectors {
		if grant.permission.implies(wanted) && (path == "" || grant.expression.matches(format, path)) {
			return true
		}
	}
	return false
}

func (m *Manager) grantsOf(userID string) *grants {
	now := m.changes.Load()
	m.grantsMutex.Lock()
	defer m.grantsMutex.Unlock()
	if m.grants == nil || m.grantsAt != now {
		m.grants, m.grantsAt = map[string]*grants{}, now
	}
	held := m.grants[userID]
	if held == nil {
		held = m.collect(userID)
		m.grants[userID] = held
	}
	return held
}

func (m *Manager) collect(userID string) *grants {
	held := &grants{}
	user, _ := m.users.Get(userID)
	seen := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		role, ok := m.Role(id)
		if !ok || seen[id] {
			return
		}
		seen[id] = true
		for _, name := range role.Privileges {
			held.add(m, name)
		}
		for _, child := range role.Roles {
			visit(child)
		}
	}
	for _, id := range user.Roles {
		visit(id)
	}
	return held
}

func (g *grants) add(m *Manager, name string) {
	privilege, ok := m.Privilege(name)
	if !ok || privilege.Damaged {
		return
	}
	if privilege.Type != ContentSelector {
		g.permissions = append(g.permissions, permissionOf(privilege))
		return
	}
	selector, ok := m.selectors.Get(privilege.ContentSelector)
	if !ok {
		return
	}
	if expression, err := parseExpression(selector.Expression); err == nil {
		g.selectors = append(g.selectors, selectorGrant{permissionOf(privilege), expression})
	}
}
