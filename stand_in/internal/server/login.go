package server

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/security"
)

// login is what a request says about who sends it: no attempt at all, a name and a password, or an npm token.
type login struct {
	attempted             bool
	user, password, token string
}

// loginOf reads the Authorization header as Shiro does for Nexus: whatever begins with "basic" is a login, however
// malformed, except the empty name and password with which docker searches; a bearer token is one if it has the name of a
// realm's format. Any other header is none, and the request is anonymous.
func loginOf(r *http.Request) login {
	header := r.Header.Get("Authorization")
	words := strings.Split(header, " ")
	if token, is := strings.CutPrefix(header, "Bearer "); is && len(words) == 2 && strings.HasPrefix(token, security.NpmToken) {
		return login{attempted: true, token: token}
	}
	lower := strings.ToLower(header)
	if !strings.HasPrefix(lower, "basic") || strings.Contains(lower, "basic ") && words[1] == "Og==" {
		return login{}
	}
	if len(words) < 2 {
		return login{attempted: true}
	}
	decoded, _ := base64.StdEncoding.DecodeString(onlyBase64(words[1]))
	user, password, _ := strings.Cut(string(decoded), ":")
	return login{attempted: true, user: user, password: password}
}

func onlyBase64(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("+/=", r)) {
			return r
		}
		return -1
	}, text)
}

// authenticate is the user of a login; false if it is wrong.
func (s *Server) authenticate(given login) (string, bool) {
	if given.token != "" {
		return s.security.UserOfNpmToken(given.token)
	}
	return given.user, s.security.Authenticate(given.user, given.password)
}

const npmUsers = "/-/user/"

// servesNpmLogin serves `npm login` and `npm logout`, which need no permission for the repository.
func (s *Server) servesNpmLogin(w http.ResponseWriter, r *http.Request, running *repositories.Running, path string) bool {
	if running.Record.Format != "npm" || running.Handler == nil {
		return false
	}
	switch {
	case r.Method == http.MethodPut && strings.HasPrefix(path, npmUsers+"org.couchdb.user:"):
		s.npmLogin(w, r)
	case r.Method == http.MethodDelete && strings.HasPrefix(path, npmUsers+"token/"):
		s.npmLogout(w, r)
	default:
		return false
	}
	return true
}

func (s *Server) npmLogin(w http.ResponseWriter, r *http.Request) {
	var sent struct{ Name, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent); err != nil {
		npmAnswer(w, http.StatusBadRequest, map[string]any{"success": false, "error": "the body is no JSON object"})
		return
	}
	if !s.security.Authenticate(sent.Name, sent.Password) {
		s.auditWrongLogin(r, sent.Name)
		npmAnswer(w, http.StatusUnauthorized, map[string]any{"success": false, "error": "Bad username or password"})
		return
	}
	token, err := s.security.NpmTokenOf(sent.Name)
	if err != nil {
		npmAnswer(w, http.StatusInternalServerError, map[string]any{"success": false, "error": err.Error()})
		return
	}
	npmAnswer(w, http.StatusCreated, map[string]any{
		"ok": "true", "rev": "_we_dont_use_revs_any_more", "id": "org.couchdb.user:undefined", "token": token,
	})
}

func (s *Server) npmLogout(w http.ResponseWriter, r *http.Request) {
	given := loginOf(r)
	user, known := s.authenticate(given)
	deleted := false
	if given.attempted && known {
		var err error
		if deleted, err = s.security.DeleteNpmToken(user); err != nil {
			npmAnswer(w, http.StatusInternalServerError, map[string]any{"success": false, "error": err.Error()})
			return
		}
	}
	if !deleted {
		npmAnswer(w, http.StatusNotFound, map[string]any{"success": false, "error": "Token not found"})
		return
	}
	w.WriteHeader(http.StatusOK)
}

func npmAnswer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
