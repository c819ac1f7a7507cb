package npm

import (
	"encoding/json"
	"net/http"
	"strings"
)

const (
	usersPath  = "/-/user/org.couchdb.user:"
	tokensPath = "/-/user/token/"
)

// Logins checks passwords, and has a token for each user who has logged in.
type Logins interface {
	Authenticate(user, password string) bool
	NpmTokenOf(user string) (string, error)
	DeleteNpmToken(user string) (deleted bool, err error)
}

// IsLogin reports whether a request is that of `npm login`.
func IsLogin(method, path string) bool {
	return method == http.MethodPut && strings.HasPrefix(path, usersPath)
}

// IsLogout reports whether a request is that of `npm logout`.
func IsLogout(method, path string) bool {
	return method == http.MethodDelete && strings.HasPrefix(path, tokensPath)
}

// LogIn answers with the token of the user whose name and password are in the body; wrong is called if they do not fit.
func LogIn(w http.ResponseWriter, r *http.Request, logins Logins, wrong func(user string)) {
	var sent struct{ Name, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent); err != nil {
		refuse(w, http.StatusBadRequest, "the body is no JSON object")
		return
	}
	if !logins.Authenticate(sent.Name, sent.Password) {
		wrong(sent.Name)
		refuse(w, http.StatusUnauthorized, "Bad username or password")
		return
	}
	token, err := logins.NpmTokenOf(sent.Name)
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{
		"ok": "true", "rev": "_we_dont_use_revs_any_more", "id": "org.couchdb.user:undefined", "token": token,
	})
}

// LogOut takes the user's token back, if the user is known.
func LogOut(w http.ResponseWriter, logins Logins, user string, known bool) {
	deleted, err := false, error(nil)
	if known {
		deleted, err = logins.DeleteNpmToken(user)
	}
	switch {
	case err != nil:
		writeError(w, err)
	case !deleted:
		refuse(w, http.StatusNotFound, "Token not found")
	default:
		w.WriteHeader(http.StatusOK)
	}
}
