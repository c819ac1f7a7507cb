package security

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/database"
)

// Manager holds users, roles, privileges, content selectors, realms and anonymous access.
type Manager struct {
	dataDir    string
	available  []Realm
	users      *database.Collection[User]
	roles      *database.Collection[Role]
	privileges *database.Collection[Privilege]
	realms     *database.Setting[[]string]
	anonymous  *database.Setting[Anonymous]
	selectors  *database.Collection[Selector]
	npmTokens  *database.Collection[npmToken]

	builtinRoles map[string]Role
	generated    *generatedPrivileges
	passwords    passwordCache
	changes      atomic.Uint64 // counts changes that affect permissions
	grantsMutex  sync.Mutex
	grants       map[string]*grants
	grantsAt     uint64
}

// NewManager opens the security settings; on the first start it creates the shipped users.
// With community it has the privileges of the community edition in addition to those of the core.
// An empty initial password is generated and written to admin.password.
func NewManager(d *database.Database, dataDir, initialPassword string, formats []string, community bool) (*Manager, error) {
	m := &Manager{dataDir: dataDir, available: allRealms, builtinRoles: map[string]Role{}, generated: newGeneratedPrivileges(formats, community)}
	m.passwords.init()
	for _, role := range builtinRoles() {
		m.builtinRoles[role.ID] = role
	}
	if err := m.open(d); err != nil {
		return nil, err
	}
	if len(m.users.All()) > 0 {
		return m, nil
	}
	return m, m.firstStart(initialPassword)
}

func (m *Manager) open(d *database.Database) (err error) {
	if m.users, err = database.NewCollection[User](d, "users"); err != nil {
		return err
	}
	if m.roles, err = database.NewCollection[Role](d, "roles"); err != nil {
		return err
	}
	if m.privileges, err = database.NewCollection[Privilege](d, "privileges"); err != nil {
		return err
	}
	if m.selectors, err = database.NewCollection[Selector](d, "content-selectors"); err != nil {
		return err
	}
	if m.npmTokens, err = database.NewCollection[npmToken](d, "npm-tokens"); err != nil {
		return err
	}
	if m.realms, err = database.NewSetting(d, "realms", []string{AuthenticatingRealm}); err != nil {
		return err
	}
	m.anonymous, err = database.NewSetting(d, "anonymous", Anonymous{Enabled: true, UserID: "anonymous", RealmName: AuthorizingRealm})
	return err
}

func (m *Manager) firstStart(password string) error {
	status := Active
	if password == "" {
		status, password = ChangePassword, uuid.NewString()
		if err := os.WriteFile(m.passwordFile(), []byte(password), 0o600); err != nil {
			return fmt.Errorf("write the initial password: %w", err)
		}
	}
	admin := User{UserID: "admin", FirstName: "Administrator", LastName: "User", EmailAddress: "admin@example.org",
		Status: status, Roles: []string{"nx-admin"}}
	anonymous := User{UserID: "anonymous", FirstName: "Anonymous", LastName: "User", EmailAddress: "anonymous@example.org",
		Status: Active, Roles: []string{"nx-anonymous"}}
	if err := setPassword(&admin, password); err != nil {
		return err
	}
	if err := setPassword(&anonymous, uuid.NewString()); err != nil {
		return err
	}
	if err := m.users.Put(anonymous.UserID, anonymous); err != nil {
		return err
	}
	return m.users.Put(admin.UserID, admin)
}

func (m *Manager) passwordFile() string { return filepath.Join(m.dataDir, "admin.password") }

// changed makes the next permission check read all settings again.
func (m *Manager) changed() { m.changes.Add(1) }

// Anonymous returns the settings for requests without credentials.
func (m *Manager) Anonymous() Anonymous { return m.anonymous.Get() }

// SetAnonymous replaces them.
func (m *Manager) SetAnonymous(settings Anonymous) error {
	defer m.changed()
	return m.anonymous.Set(settings)
}

// PlayOnly removes the realms of formats that are not played, and with core those that the open-source core lacks.
func (m *Manager) PlayOnly(formats []string, core bool) {
	m.available = nil
	for _, realm := range allRealms {
		if (realm.Format == "" || has(formats, realm.Format)) && !(core && realm.NotInCore) {
			m.available = append(m.available, realm)
		}
	}
}

// Realms lists the available realms.
func (m *Manager) Realms() []Realm { return m.available }

// ActiveRealms lists the active realms in order.
func (m *Manager) ActiveRealms() []string { return m.realms.Get() }

// SetActiveRealms replaces them.
func (m *Manager) SetActiveRealms(realms []string) error {
	defer m.changed()
	return m.realms.Set(realms)
}

// RealmActive reports whether a realm is active.
func (m *Manager) RealmActive(id string) bool { return has(m.ActiveRealms(), id) }
