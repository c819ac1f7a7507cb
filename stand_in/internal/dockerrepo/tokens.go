package dockerrepo

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// Tokens are the issued bearer tokens. Like in Nexus, a user gets the same token again; here during the first half of its
// lifetime.
type Tokens struct {
	mutex   sync.Mutex
	now     func() time.Time
	file    string           // empty: tokens are lost at a restart
	granted map[string]grant // by token
}

type grant struct {
	Principal Principal `json:"principal"`
	Expires   time.Time `json:"expires"`
}

// NewTokens keeps tokens in memory.
func NewTokens() *Tokens { return &Tokens{now: time.Now, granted: map[string]grant{}} }

// OpenTokens keeps tokens in a file too, so that a push or pull continues after a restart of the server.
func OpenTokens(file string) (*Tokens, error) {
	tokens := NewTokens()
	tokens.file = file
	stored, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return tokens, nil
	}
	if err == nil {
		err = json.Unmarshal(stored, &tokens.granted)
	}
	if err != nil {
		return nil, fmt.Errorf("docker tokens in %s cannot be read (remove the file, clients log in again by themselves): %w", file, err)
	}
	return tokens, nil
}

func (t *Tokens) issue(principal Principal) (string, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	now := t.now()
	for token, granted := range t.granted {
		if granted.Principal == principal && granted.Expires.Sub(now) > tokenLifetime/2 {
			return token, nil
		}
		if now.After(granted.Expires) {
			delete(t.granted, token)
		}
	}
	token := tokenPrefix + newUUID()
	t.granted[token] = grant{Principal: principal, Expires: now.Add(tokenLifetime)}
	return token, t.save()
}

func (t *Tokens) principal(token string) (Principal, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	granted, ok := t.granted[token]
	if !ok || t.now().After(granted.Expires) {
		return "", false
	}
	return granted.Principal, true
}

// save replaces the file, which only its owner can read.
func (t *Tokens) save() error {
	if t.file == "" {
		return nil
	}
	written, err := os.CreateTemp(filepath.Dir(t.file), ".docker-tokens-")
	if err != nil {
		return err
	}
	defer os.Remove(written.Name()) // already renamed on success
	err = json.NewEncoder(written).Encode(t.granted)
	if closeErr := written.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(written.Name(), t.file)
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
