package security

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// setPassword stores a salted hash. bcrypt reads only 72 bytes, so it gets the SHA-256 of the password.
func setPassword(user *User, password string) error {
	hash, err := bcrypt.GenerateFromPassword(digest(password), bcrypt.MinCost+2)
	if err != nil {
		return err
	}
	user.PasswordHash = string(hash)
	return nil
}

func digest(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return sum[:]
}

// passwordCache caches correct passwords by hash, so that not every request runs bcrypt.
type passwordCache struct {
	key     []byte
	mutex   sync.Mutex
	correct map[string][]byte // password hash -> keyed digest of the password
}

func (c *passwordCache) init() {
	c.key = make([]byte, 32)
	rand.Read(c.key)
	c.correct = map[string][]byte{}
}

func (c *passwordCache) matches(hash, password string) bool {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(password))
	sum := mac.Sum(nil)
	c.mutex.Lock()
	known := c.correct[hash]
	c.mutex.Unlock()
	if known != nil && subtle.ConstantTimeCompare(known, sum) == 1 {
		return true
	}
	if bcrypt.CompareHashAndPassword([]byte(hash), digest(password)) != nil {
		return false
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.correct) > 1000 {
		c.correct = map[string][]byte{}
	}
	c.correct[hash] = sum
	return true
}
