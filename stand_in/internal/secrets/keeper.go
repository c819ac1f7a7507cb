package secrets

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
)

const (
	// defaultKey is what the real server uses without a key file; it is the same everywhere.
	defaultKey = "changeme"
	// mark begins each encrypted text: mark, id of the key, salt, nonce and ciphertext follow, each after a dollar sign.
	mark       = "$nxrm-stand-in"
	iterations = 1024
	keyLength  = 16
	saltLength = 16
)

var encoding = base64.RawStdEncoding

// Keeper encrypts and decrypts. Like the real server it reads the file when it first needs a key, and again for an id that
// it does not know; the key that is active stays so until another is chosen.
type Keeper struct {
	file string
	salt []byte

	mutex  sync.Mutex
	read   bool
	active string
	keys   map[string]string
	ready  map[string]cipher.AEAD // by id of the key and salt
}

// NewKeeper takes the path of the key file; without one, or without the file, the default key is used.
func NewKeeper(file string) *Keeper {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails
	return &Keeper{file: file, salt: salt, ready: map[string]cipher.AEAD{}}
}

// Active is the id of the key in use, or "" for the default key.
func (k *Keeper) Active() (string, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.active, k.readOnce()
}

// Has reports whether the key file has a key.
func (k *Keeper) Has(id string) bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	_, err := k.key(id)
	return err == nil && id != ""
}

// Activate has everything encrypted with another key from now on.
func (k *Keeper) Activate(id string) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.active = id
}

// Encrypt encrypts a text with the active key. What is encrypted already stays as it is.
func (k *Keeper) Encrypt(text string) (string, error) {
	if _, encrypted := KeyOf(text); encrypted {
		return text, nil
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if err := k.readOnce(); err != nil {
		return "", err
	}
	sealer, err := k.cipher(k.active, k.salt)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, sealer.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	sealed := sealer.Seal(nonce, nonce, []byte(text), nil)
	return strings.Join([]string{mark, encoding.EncodeToString([]byte(k.active)), encoding.EncodeToString(k.salt), encoding.EncodeToString(sealed)}, "$"), nil
}

// Decrypt returns the text; one that was not encrypted is returned as it is.
func (k *Keeper) Decrypt(text string) (string, error) {
	id, encrypted := KeyOf(text)
	if !encrypted {
		return text, nil
	}
	parts := strings.Split(strings.TrimPrefix(text, mark+"$"), "$")
	salt, _ := encoding.DecodeString(parts[1]) // a damaged text fails below
	sealed, _ := encoding.DecodeString(parts[2])
	k.mutex.Lock()
	defer k.mutex.Unlock()
	opener, err := k.cipher(id, salt)
	if err != nil {
		return "", err
	}
	if len(sealed) < opener.NonceSize() {
		return "", errors.New("an encrypted secret is damaged")
	}
	plain, err := opener.Open(nil, sealed[:opener.NonceSize()], sealed[opener.NonceSize():], nil)
	if err != nil {
		return "", fmt.Errorf("a secret cannot be decrypted with the key '%s'", id)
	}
	return string(plain), nil
}

// KeyOf is the id of the key that a text was encrypted with, and whether it is encrypted.
func KeyOf(text string) (string, bool) {
	rest, found := strings.CutPrefix(text, mark+"$")
	parts := strings.Split(rest, "$")
	if !found || len(parts) != 3 {
		return "", false
	}
	id, err := encoding.DecodeString(parts[0])
	return string(id), err == nil
}

func (k *Keeper) cipher(id string, salt []byte) (cipher.AEAD, error) {
	name := id + "$" + string(salt)
	if ready, ok := k.ready[name]; ok {
		return ready, nil
	}
	key, err := k.key(id)
	if err != nil {
		return nil, err
	}
	derived, err := pbkdf2.Key(sha256.New, key, salt, iterations, keyLength)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	k.ready[name], err = cipher.NewGCM(block)
	return k.ready[name], err
}

func (k *Keeper) key(id string) (string, error) {
	if id == "" {
		return defaultKey, nil
	}
	if _, known := k.keys[id]; !known {
		if err := k.readFile(); err != nil {
			return "", err
		}
	}
	if key, known := k.keys[id]; known {
		return key, nil
	}
	//lint:ignore ST1005 the real server's words
	return "", fmt.Errorf("unable to find secret key with id '%s'.", id)
}

func (k *Keeper) readOnce() error {
	if k.read {
		return nil
	}
	return k.readFile()
}

func (k *Keeper) readFile() error {
	if k.file == "" {
		return nil
	}
	text, err := os.ReadFile(k.file) // #nosec G304 G703 -- set by the operator of the server
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var file struct {
		Active string
		Keys   []struct{ ID, Key string }
	}
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		//lint:ignore ST1005 the real server's words
		return fmt.Errorf("Unable to read secret encryption keys from '%s'. Cause: %w", k.file, err)
	}
	k.keys = map[string]string{}
	for _, key := range file.Keys {
		k.keys[key.ID] = key.Key
	}
	if _, known := k.keys[file.Active]; known && !k.read {
		k.active = file.Active
	}
	k.read = true
	return nil
}
