package dockerrepo

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
)

// The actions on the content of a repository.
const (
	actionBrowse = "browse"
	actionRead   = "read"
	actionAdd    = "add"
	actionEdit   = "edit"
	actionDelete = "delete"
)

const (
	realmName      = "DockerToken"
	basicChallenge = `BASIC realm="Sonatype Nexus Repository Manager"`
)

// Access decides who may do what.
type Access interface {
	Authenticate(user, password string) (Principal, bool)
	Allowed(principal Principal, repository, action string) bool
	Anonymous() (Principal, bool)
	RealmActive(name string) bool
}

type guard struct {
	access Access
	tokens *Tokens
}

// WithAccess adds authentication and permission checks to the handler of a repository, and serves /v2/token.
func WithAccess(access Access, tokens *Tokens, repo *content.Repository, next http.Handler) http.Handler {
	guard := guard{access, tokens}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := routeOf(r)
		if route.kind == kindToken {
			guard.serveToken(w, r)
			return
		}
		bearer := !repo.Bool("forceBasicAuth", true) && access.RealmActive(realmName)
		principal, anonymous, ok := guard.identify(r, bearer)
		if route.version1() {
			if user, _, _ := r.BasicAuth(); !ok && bearer && user == "" { // docker sends an empty user when nobody is logged in
				principal, ok = access.Anonymous()
				anonymous = true
			}
			bearer = false // docker search supports basic credentials only
		}
		if !ok {
			challenge(w, r, bearer)
			return
		}
		action := actionOf(r, route)
		if action == actionAdd && redeploys(r, route, next) {
			action = actionEdit
		}
		if route.kind != kindBase && route.kind != kindPing && !access.Allowed(principal, repo.Name, action) {
			deny(w, r, bearer, anonymous, principal, repo.Name, action)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// TokenEndpoint serves /v2/token on a port that serves several repositories by path.
func TokenEndpoint(access Access, tokens *Tokens) http.Handler {
	return http.HandlerFunc(guard{access, tokens}.serveToken)
}

// Challenge serves /v2/ on a port that serves several repositories by path.
func Challenge(access Access, tokens *Tokens) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bearer := access.RealmActive(realmName)
		if _, _, ok := (guard{access, tokens}).identify(r, bearer); !ok {
			challenge(w, r, bearer)
			return
		}
		writeJSON(w, http.StatusOK, struct{}{})
	})
}

// identify accepts basic credentials, and tokens of users if the DockerToken realm is active. Anonymous tokens need bearer
// authentication as well. A request without credentials fails, since anonymous users have to fetch a token.
func (g guard) identify(r *http.Request, bearer bool) (principal Principal, anonymous, ok bool) {
	if token, isBearer := bearerToken(r.Header.Get("Authorization")); isBearer {
		return g.identifyToken(token, bearer)
	}
	user, password, isBasic := r.BasicAuth()
	if !isBasic {
		return "", false, false
	}
	principal, ok = g.access.Authenticate(user, password)
	return principal, false, ok
}

func (g guard) identifyToken(token string, bearer bool) (principal Principal, anonymous, ok bool) {
	principal, ok = g.tokens.principal(token)
	if !ok || !g.access.RealmActive(realmName) {
		return "", false, false
	}
	if principal != anonymousGrant {
		return principal, false, true
	}
	nobody, on := g.access.Anonymous()
	return nobody, true, on && bearer
}

// anonymousGrant marks an anonymous token; the anonymous user and its permissions are looked up when the token is used.
const anonymousGrant Principal = ""

func (g guard) serveToken(w http.ResponseWriter, r *http.Request) {
	if !isRead(r) {
		w.Header().Set("Allow", "GET, HEAD")
		writeError(w, http.StatusMethodNotAllowed, codeUnsupported, "tokens are asked for with GET")
		return
	}
	principal := anonymousGrant
	if r.Header.Get("Authorization") == "" {
		if _, on := g.access.Anonymous(); !on {
			challenge(w, r, false)
			return
		}
	} else {
		user, password, isBasic := r.BasicAuth()
		authenticated, ok := g.access.Authenticate(user, password)
		if !isBasic || !ok {
			challenge(w, r, false)
			return
		}
		principal = authenticated
	}
	token, err := g.tokens.issue(principal)
	if err != nil {
		writeError(w, http.StatusInternalServerError, codeUnknown, "token cannot be stored: "+err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"token": token})
}

func challenge(w http.ResponseWriter, r *http.Request, bearer bool) {
	header := basicChallenge
	if bearer {
		address := content.TokenRealm(r)
		header = `Bearer realm="` + address + `",service="` + address + `"`
	}
	w.Header().Set("WWW-Authenticate", header)
	writeError(w, http.StatusUnauthorized, codeUnauthorized, "access to the requested resource is not authorized")
}

// deny tells a known user which permission is missing; an anonymous client is asked to log in.
func deny(w http.ResponseWriter, r *http.Request, bearer, anonymous bool, principal Principal, repository, action string) {
	if anonymous {
		challenge(w, r, bearer)
		return
	}
	writeError(w, http.StatusForbidden, codeDenied,
		"user "+principal+" lacks the permission to "+action+" in repository "+repository)
}

func actionOf(r *http.Request, route route) string {
	switch {
	case route.kind == kindCatalog || route.kind == kindSearch:
		return actionBrowse
	case isRead(r) && route.kind == kindUpload:
		return actionAdd
	case isRead(r):
		return actionRead
	case r.Method == http.MethodDelete && route.kind == kindUpload:
		return actionAdd // cancelling an upload
	case r.Method == http.MethodDelete:
		return actionDelete
	}
	return actionAdd
}

// redeploys reports whether the request pushes an existing tag.
func redeploys(r *http.Request, route route, next http.Handler) bool {
	stored, ok := next.(*hosted)
	if !ok || r.Method != http.MethodPut || route.kind != kindManifest || route.byDigest() {
		return false
	}
	_, err := stored.registry.tagDigest(r.Context(), route.name, route.reference)
	return err == nil
}
