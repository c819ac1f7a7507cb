package security

import "os"

// Users lists all users.
func (m *Manager) Users() []User { return m.users.All() }

// User finds a user.
func (m *Manager) User(id string) (User, bool) { return m.users.Get(id) }

// AddUser stores a new user.
func (m *Manager) AddUser(user User, password string) error {
	if err := setPassword(&user, password); err != nil {
		return err
	}
	added, err := m.users.Insert(user.UserID, user)
	m.changed()
	if err == nil && !added {
		return ErrDuplicate
	}
	return err
}

// SetUser replaces a user, except the password.
func (m *Manager) SetUser(user User) error {
	defer m.changed()
	current, _ := m.users.Get(user.UserID)
	user.PasswordHash = current.PasswordHash
	return m.users.Put(user.UserID, user)
}

func (u User) mayLogIn() bool { return u.Status != Disabled && u.Status != Locked }

// DeleteUser removes a user.
func (m *Manager) DeleteUser(id string) error {
	defer m.changed()
	if _, err := m.users.Delete(id); err != nil {
		return err
	}
	_, err := m.npmTokens.Delete(id)
	return err
}

// ChangePassword sets a password and activates the user; for the admin it removes the file with the initial password.
func (m *Manager) ChangePassword(id, password string) error {
	user, _ := m.users.Get(id)
	if err := setPassword(&user, password); err != nil {
		return err
	}
	if user.Status == ChangePassword {
		user.Status = Active
	}
	defer m.changed()
	if err := m.users.Put(id, user); err != nil {
		return err
	}
	if id == "admin" {
		if err := os.Remove(m.passwordFile()); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
