package dockerrepo

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// people are the users admin (all permissions), pusher (add), reader (read) and stranger (none); password = name.
type people struct {
	mutex            sync.Mutex
	realm, anonymous bool
}

func (p *people) set(realm, anonymous bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.realm, p.anonymous = realm, anonymous
}

var rights = map[string]string{"admin": "browse read add edit delete", "pusher": "read add", "reader": "read", "nobody": "read", "stranger": ""}

func (p *people) Authenticate(user, password string) (Principal, bool) {
	_, known := rights[user]
	return user, known && user != "nobody" && user == password
}

func (p *people) Allowed(principal Principal, _, action string) bool {
	return strings.Contains(rights[principal], action)
}

func (p *people) Anonymous() (Principal, bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return "nobody", p.anonymous
}

func (p *people) RealmActive(name string) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return name == "DockerToken" && p.realm
}

func asUser(user, password string) remote.Option {
	return remote.WithAuth(&authn.Basic{Username: user, Password: password})
}

func guarded(t *testing.T, access *people, forceBasic bool) (*httptest.Server, *Tokens) {
	t.Helper()
	repo := settings("docker-hosted", "hosted")
	repo.Section["forceBasicAuth"] = forceBasic
	tokens := NewTokens()
	return serve(t, WithAccess(access, tokens, repo, newTestHosted(t))), tokens
}

func TestChallenges(t *testing.T) {
	for name, c := range map[string]struct {
		realm, force, bearer bool
	}{
		"forced basic":          {realm: true, force: true},
		"realm inactive":        {realm: false, force: false},
		"not forced with realm": {realm: true, force: false, bearer: true},
	} {
		t.Run(name, func(t *testing.T) {
			server, _ := guarded(t, &people{realm: c.realm, anonymous: true}, c.force)
			want := `BASIC realm="Sonatype Nexus Repository Manager"`
			if c.bearer {
				address := "https" + strings.TrimPrefix(server.URL, "http") + "/v2/token"
				want = `Bearer realm="` + address + `",service="` + address + `"`
			}
			got := call(t, "GET", server.URL+"/v2/", "", "X-Forwarded-Proto", "https")
			wantError(t, got, 401, codeUnauthorized)
			if got.header.Get("WWW-Authenticate") != want {
				t.Fatalf("challenge %s, want %s", got.header.Get("WWW-Authenticate"), want)
			}
		})
	}
}

func TestTheRealmFollowsTheProxysHeadersAsNexusDoes(t *testing.T) {
	const host, port = "X-Forwarded-Host", "X-Forwarded-Port"
	for realm, headers := range map[string][]string{
		"https://name.test:8443":      {},
		"https://name.test":           {port, "443"},
		"https://other.test:8443":     {host, "other.test"},
		"https://other.test:1":        {host, "other.test", port, "1"},
		"https://other.test:1:8443":   {host, "other.test:1"},
		"https://name.test:8443:8443": {host, "name.test:8443", port, "8443"},
	} {
		request := httptest.NewRequest("GET", "http://name.test:8443/v2/", nil)
		request.Header.Set("X-Forwarded-Proto", "https")
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		answer := httptest.NewRecorder()
		challenge(answer, request, true)
		want := fmt.Sprintf(`Bearer realm="%s/v2/token",service="%s/v2/token"`, realm, realm)
		if got := answer.Header().Get("WWW-Authenticate"); got != want {
			t.Errorf("%v: challenge %s, want %s", headers, got, want)
		}
	}
}

func basic(user, password string) string {
	request := httptest.NewRequest("GET", "/", nil)
	request.SetBasicAuth(user, password)
	return request.Header.Get("Authorization")
}

func TestBasicCredentialsAreAcceptedInBothModes(t *testing.T) {
	for _, force := range []bool{true, false} {
		server, _ := guarded(t, &people{realm: true}, force)
		wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", basic("stranger", "stranger")), 200)
		wantError(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", basic("admin", "wrong")), 401, codeUnauthorized)
		image := push(t, server, "app:1", asUser("admin", "admin"))
		mustPull(t, server, "app:1", image, asUser("reader", "reader"))
	}
}

func tokenFor(t *testing.T, server *httptest.Server, header ...string) string {
	t.Helper()
	got := call(t, "GET", server.URL+"/v2/token?service=x&scope=repository:app:pull", "", header...)
	wantStatus(t, got, 200)
	var body map[string]string
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || len(body) != 1 {
		t.Fatalf("token answer %s", got.body)
	}
	if !regexp.MustCompile(`^DockerToken\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(body["token"]) {
		t.Fatalf("token %s", body["token"])
	}
	return body["token"]
}

// advance sets the clock of tokens ahead of the real one.
func advance(tokens *Tokens, after time.Duration) {
	tokens.mutex.Lock()
	defer tokens.mutex.Unlock()
	tokens.now = func() time.Time { return time.Now().Add(after) }
}

func TestTokens(t *testing.T) {
	access := &people{realm: true}
	server, tokens := guarded(t, access, false)
	wantError(t, call(t, "GET", server.URL+"/v2/token", ""), 401, codeUnauthorized)
	wantError(t, call(t, "GET", server.URL+"/v2/token", "", "Authorization", basic("reader", "wrong")), 401, codeUnauthorized)
	wantError(t, call(t, "POST", server.URL+"/v2/token", ""), 405, codeUnsupported)

	token := "Bearer " + tokenFor(t, server, "Authorization", basic("reader", "reader"))
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", token), 200)
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", token+"x"), 401)
	advance(tokens, tokenLifetime+time.Second)
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", token), 401)
	if _, err := tokens.issue("reader"); err != nil || len(tokens.granted) != 1 {
		t.Fatalf("%d tokens are stored, want only the new one (%v)", len(tokens.granted), err)
	}
}

func TestTokensAreReusedForHalfTheirLifetime(t *testing.T) {
	tokens := NewTokens()
	issued := func(principal Principal, after time.Duration) string {
		t.Helper()
		advance(tokens, after)
		token, err := tokens.issue(principal)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first := issued("reader", 0)
	if issued("reader", time.Minute) != first || issued("admin", time.Minute) == first {
		t.Fatal("a token must belong to one user and be reused")
	}
	if issued("reader", tokenLifetime/2+time.Minute) == first {
		t.Fatal("a token near its expiry was reused")
	}
	if who, ok := tokens.principal(first); !ok || who != "reader" {
		t.Fatal("the first token expired too early")
	}
}

func TestTokensSurviveARestart(t *testing.T) {
	file := t.TempDir() + "/docker-tokens.json"
	before, err := OpenTokens(file)
	if err != nil {
		t.Fatal(err)
	}
	token, err := before.issue("reader")
	if err != nil {
		t.Fatal(err)
	}
	after, err := OpenTokens(file)
	if err != nil {
		t.Fatal(err)
	}
	if who, ok := after.principal(token); !ok || who != "reader" {
		t.Fatalf("token of %q after the restart, %v", who, ok)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenTokens(file); err == nil {
		t.Fatal("a broken token file was accepted")
	}
}

func TestTokensWhenBasicAuthenticationIsForced(t *testing.T) {
	access := &people{realm: true, anonymous: true}
	server, _ := guarded(t, access, true)
	token := "Bearer " + tokenFor(t, server, "Authorization", basic("reader", "reader"))
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", token), 200)
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", "Bearer "+tokenFor(t, server)), 401)
	access.set(false, true)
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", token), 401)
}

func TestAnonymousPullAndAuthenticatedPush(t *testing.T) {
	access := &people{realm: true, anonymous: true}
	server, _ := guarded(t, access, false)
	image := push(t, server, "app:1", asUser("admin", "admin"))
	mustPull(t, server, "app:1", image)
	other, _ := random.Image(100, 1)
	if err := remote.Write(imageRef(t, server, "app:2"), other); err == nil || !strings.Contains(err.Error(), "UNAUTHORIZED") {
		t.Fatalf("anonymous push: %v", err)
	}
	token := "Bearer " + tokenFor(t, server)
	access.set(true, false)
	wantStatus(t, call(t, "GET", server.URL+"/v2/", "", "Authorization", token), 401)
}

func TestPermissions(t *testing.T) {
	for _, force := range []bool{true, false} {
		server, _ := guarded(t, &people{realm: true, anonymous: true}, force)
		image := push(t, server, "app:1", asUser("pusher", "pusher"))
		other, _ := random.Image(100, 1)
		if err := remote.Write(imageRef(t, server, "app:1"), other, asUser("pusher", "pusher")); err == nil || !strings.Contains(err.Error(), "DENIED") {
			t.Fatalf("redeployment without edit: %v", err)
		}
		if err := remote.Write(imageRef(t, server, "app:2"), other, asUser("reader", "reader")); err == nil || !strings.Contains(err.Error(), "DENIED") {
			t.Fatalf("push of a reader: %v", err)
		}
		manifest := server.URL + "/v2/app/manifests/" + digestOf(t, image)
		wantError(t, call(t, "GET", manifest, "", "Authorization", basic("stranger", "stranger")), 403, codeDenied)
		wantError(t, call(t, "DELETE", manifest, "", "Authorization", basic("pusher", "pusher")), 403, codeDenied)
		wantError(t, call(t, "GET", server.URL+"/v2/_catalog", "", "Authorization", basic("reader", "reader")), 403, codeDenied)
		wantStatus(t, call(t, "GET", server.URL+"/v2/_catalog", "", "Authorization", basic("admin", "admin")), 200)
		wantStatus(t, call(t, "DELETE", manifest, "", "Authorization", basic("admin", "admin")), 202)
	}
}

func TestSearchAcceptsBasicCredentialsOrNone(t *testing.T) {
	access := &people{realm: true, anonymous: true}
	server, _ := guarded(t, access, false)
	wantStatus(t, call(t, "GET", server.URL+"/v1/_ping", ""), 200)
	wantStatus(t, call(t, "GET", server.URL+"/v1/_ping", "", "Authorization", basic("", "")), 200)
	refused := call(t, "GET", server.URL+"/v1/search?q=a", "") // not logged in, so no browse permission
	wantStatus(t, refused, 401)
	if refused.header.Get("WWW-Authenticate") != basicChallenge {
		t.Fatalf("challenge %s", refused.header.Get("WWW-Authenticate"))
	}
	wantStatus(t, call(t, "GET", server.URL+"/v1/search?q=a", "", "Authorization", basic("admin", "admin")), 200)
	access.set(true, false)
	wantStatus(t, call(t, "GET", server.URL+"/v1/_ping", ""), 401)
}

func TestSharedPort(t *testing.T) {
	access, tokens := &people{realm: true}, NewTokens()
	base, token := serve(t, Challenge(access, tokens)), serve(t, TokenEndpoint(access, tokens))
	if got := call(t, "GET", base.URL+"/v2/", ""); !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer ") {
		t.Fatalf("challenge %s", got.header.Get("WWW-Authenticate"))
	}
	issued := tokenFor(t, token, "Authorization", basic("reader", "reader"))
	wantStatus(t, call(t, "GET", base.URL+"/v2/", "", "Authorization", "Bearer "+issued), 200)
}
