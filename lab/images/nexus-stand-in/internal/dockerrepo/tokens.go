package dockerrepo

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Principal is the id of a user.
type Principal = string

const (
	tokenPrefix   = "DockerToken."
	tokenLifetime = time.Hour
)

// Tokens are the bearer tokens that the server has given out. They are lost at a restart; clients ask for new ones.
type Tokens struct {
	mutex   sync.Mutex
	now     func() time.Time
	granted map[string]grant
	swept   time.Time
}

type grant struct {
	principal Principal
	expires   time.Time
}

// NewTokens begins with none.
func NewTokens() *Tokens { return &Tokens{now: time.Now, granted: map[string]grant{}} }

func (t *Tokens) issue(principal Principal) string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.sweep()
	token := tokenPrefix + newUUID()
	t.granted[token] = grant{principal: principal, expires: t.now().Add(tokenLifetime)}
	return token
}

func (t *Tokens) principal(token string) (Principal, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	granted, ok := t.granted[token]
	if !ok || t.now().After(granted.expires) {
		return "", false
	}
	return granted.principal, true
}

// sweep forgets expired tokens, once a minute at most.
func (t *Tokens) sweep() {
	if t.now().Sub(t.swept) < time.Minute {
		return
	}
	t.swept = t.now()
	for token, granted := range t.granted {
		if t.now().After(granted.expires) {
			delete(t.granted, token)
		}
	}
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func bearerToken(authorization string) (string, bool) {
	scheme, token, ok := strings.Cut(authorization, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}
