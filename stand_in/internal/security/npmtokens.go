package security

import "github.com/google/uuid"

// NpmToken is the realm of the tokens that `npm login` gets, and what each of them begins with.
const NpmToken = "NpmToken"

// npmToken is the token of a user. It stays the same until the user logs out.
type npmToken struct{ UserID, Token string }

// NpmTokenOf returns the user's token, which is made if there is none.
func (m *Manager) NpmTokenOf(userID string) (string, error) {
	made := npmToken{userID, NpmToken + "." + uuid.NewString()}
	isNew, err := m.npmTokens.Insert(userID, made)
	if err == nil && !isNew {
		made, _ = m.npmTokens.Get(userID)
	}
	return made.Token, err
}

// UserOfNpmToken is the user who has the token, if tokens are accepted and the user may log in.
func (m *Manager) UserOfNpmToken(token string) (string, bool) {
	found, known := m.npmTokens.Find(func(each npmToken) bool { return each.Token == token })
	if !known || !m.RealmActive(NpmToken) {
		return "", false
	}
	user, exists := m.users.Get(found.UserID)
	return found.UserID, exists && user.mayLogIn()
}

// DeleteNpmToken takes the user's token back; false if there is none.
func (m *Manager) DeleteNpmToken(userID string) (bool, error) { return m.npmTokens.Delete(userID) }
