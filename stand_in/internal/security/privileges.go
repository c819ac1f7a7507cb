package security

import (
	"sort"
	"sync"
)

// generatedPrivileges are the privileges that the server creates.
type generatedPrivileges struct {
	mutex sync.RWMutex
	all   map[string]Privilege
}

func newGeneratedPrivileges(formats []string, community bool) *generatedPrivileges {
	g := &generatedPrivileges{all: map[string]Privilege{}}
	g.add(builtinPrivileges(coreTable))
	if community {
		g.add(builtinPrivileges(communityTable))
	}
	for _, format := range formats {
		g.add(formatPrivileges(format))
	}
	return g
}

func (g *generatedPrivileges) add(privileges []Privilege) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, privilege := range privileges {
		g.all[privilege.Name] = privilege
	}
}

func (g *generatedPrivileges) remove(privileges []Privilege) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, privilege := range privileges {
		delete(g.all, privilege.Name)
	}
}

// RepositoryAdded creates the privileges of a repository.
func (m *Manager) RepositoryAdded(format, name string) {
	m.generated.add(viewPrivileges(format, name))
	m.generated.add(adminPrivileges(format, name))
	m.changed()
}

// RepositoryFailed creates the view privileges, which the real server leaves behind after a failed creation.
func (m *Manager) RepositoryFailed(format, name string) {
	m.generated.add(viewPrivileges(format, name))
	m.changed()
}

// RepositoryRemoved removes the privileges of a repository, also from roles.
func (m *Manager) RepositoryRemoved(format, name string) error {
	gone := append(viewPrivileges(format, name), adminPrivileges(format, name)...)
	m.generated.remove(gone)
	defer m.changed()
	names := make([]string, len(gone))
	for i, privilege := range gone {
		names[i] = privilege.Name
	}
	return m.dropFromRoles(names...)
}

// Privilege finds a privilege.
func (m *Manager) Privilege(name string) (Privilege, bool) {
	m.generated.mutex.RLock()
	privilege, ok := m.generated.all[name]
	m.generated.mutex.RUnlock()
	if ok {
		return privilege, true
	}
	return m.privileges.Get(name)
}

// Privileges lists all privileges, sorted by name.
func (m *Manager) Privileges() []Privilege {
	privileges := m.privileges.All()
	m.generated.mutex.RLock()
	for _, privilege := range m.generated.all {
		privileges = append(privileges, privilege)
	}
	m.generated.mutex.RUnlock()
	sort.Slice(privileges, func(i, j int) bool { return privileges[i].Name < privileges[j].Name })
	return privileges
}

// AddPrivilege stores a new privilege.
func (m *Manager) AddPrivilege(privilege Privilege) error {
	if _, taken := m.Privilege(privilege.Name); taken {
		return ErrDuplicate
	}
	added, err := m.privileges.Insert(privilege.Name, privilege)
	m.changed()
	if err == nil && !added {
		return ErrDuplicate
	}
	return err
}

// SetPrivilege replaces a privilege.
func (m *Manager) SetPrivilege(privilege Privilege) error {
	defer m.changed()
	return m.privileges.Put(privilege.Name, privilege)
}

// DeletePrivilege removes a privilege, also from roles.
func (m *Manager) DeletePrivilege(name string) error {
	defer m.changed()
	if _, err := m.privileges.Delete(name); err != nil {
		return err
	}
	return m.dropFromRoles(name)
}

func (m *Manager) dropFromRoles(names ...string) error {
	for _, role := range m.roles.All() {
		left := role.Privileges
		for _, name := range names {
			if has(left, name) {
				left = without(left, name)
			}
		}
		if len(left) == len(role.Privileges) {
			continue
		}
		role.Privileges = left
		if err := m.roles.Put(role.ID, role); err != nil {
			return err
		}
	}
	return nil
}
