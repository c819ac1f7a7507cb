package security

import (
	"errors"
	"sort"
)

// ErrDuplicate means that the name is taken.
var ErrDuplicate = errors.New("duplicate")

// Role finds a role.
func (m *Manager) Role(id string) (Role, bool) {
	if role, ok := m.builtinRoles[id]; ok {
		return role, true
	}
	return m.roles.Get(id)
}

// Roles lists all roles, sorted by id.
func (m *Manager) Roles() []Role {
	roles := m.roles.All()
	for _, role := range m.builtinRoles {
		roles = append(roles, role)
	}
	sort.Slice(roles, func(i, j int) bool { return roles[i].ID < roles[j].ID })
	return roles
}

// AddRole stores a new role.
func (m *Manager) AddRole(role Role) error {
	if _, taken := m.builtinRoles[role.ID]; taken {
		return ErrDuplicate
	}
	added, err := m.roles.Insert(role.ID, role)
	m.changed()
	if err == nil && !added {
		return ErrDuplicate
	}
	return err
}

// SetRole replaces a role.
func (m *Manager) SetRole(role Role) error {
	defer m.changed()
	return m.roles.Put(role.ID, role)
}

// ContainsItself reports whether a role with these children would contain itself.
func (m *Manager) ContainsItself(id string, children []string) bool {
	seen := map[string]bool{}
	var reaches func(children []string) bool
	reaches = func(children []string) bool {
		for _, child := range children {
			if child == id {
				return true
			}
			if seen[child] {
				continue
			}
			seen[child] = true
			if role, ok := m.Role(child); ok && reaches(role.Roles) {
				return true
			}
		}
		return false
	}
	return reaches(children)
}

// DeleteRole removes a role, also from roles and users.
func (m *Manager) DeleteRole(id string) error {
	defer m.changed()
	if _, err := m.roles.Delete(id); err != nil {
		return err
	}
	for _, role := range m.roles.All() {
		if has(role.Roles, id) {
			role.Roles = without(role.Roles, id)
			if err := m.roles.Put(role.ID, role); err != nil {
				return err
			}
		}
	}
	for _, user := range m.users.All() {
		if has(user.Roles, id) {
			user.Roles = without(user.Roles, id)
			if err := m.users.Put(user.UserID, user); err != nil {
				return err
			}
		}
	}
	return nil
}

func without(words []string, word string) []string {
	rest := []string{}
	for _, candidate := range words {
		if candidate != word {
			rest = append(rest, candidate)
		}
	}
	return rest
}
