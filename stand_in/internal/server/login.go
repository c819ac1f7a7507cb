package server

import (
	"encoding/base64"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/formats/npm"
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

// servesNpmLogin serves `npm login` and `npm logout`, which need no permission for the repository.
func (s *Server) servesNpmLogin(w http.ResponseWriter, r *http.Request, running *repositories.Running, path string) bool {
	if running.Record.Format != "npm" || running.Handler == nil {
		return false
	}
	switch {
	case npm.IsLogin(r.Method, path):
		npm.LogIn(w, r, s.security, func(user string) { s.auditWrongLogin(r, user) })
	case npm.IsLogout(r.Method, path):
		given := loginOf(r)
		user, right := s.authenticate(given)
		npm.LogOut(w, s.security, user, given.attempted && right)
	default:
		return false
	}
	return true
}
