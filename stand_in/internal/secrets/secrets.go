// Package secrets says which fields are secrets, and encrypts them for the disk with the key of the server's key file.
package secrets

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

var named = regexp.MustCompile(`(?i)password|passphrase|passcode|namecode|secret|token|keypair|accountkey|privatekey`)

// isSecret leaves hashes out: they outlive every key.
func isSecret(name string) bool { return named.MatchString(name) && !strings.HasSuffix(name, "Hash") }

// Change replaces each text that is not empty and stands under a name of a secret, at any depth. Numbers keep their digits;
// ok is false if the data is not JSON.
func Change(data []byte, change func(string) (string, error)) (changed []byte, ok bool, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil, false, nil
	}
	if value, err = walk(value, false, change); err != nil {
		return nil, true, err
	}
	changed, err = json.Marshal(value)
	return changed, true, err
}

func walk(value any, within bool, change func(string) (string, error)) (any, error) {
	var err error
	switch typed := value.(type) {
	case map[string]any:
		for name, field := range typed {
			if typed[name], err = walk(field, within || isSecret(name), change); err != nil {
				return nil, err
			}
		}
	case []any:
		for i, element := range typed {
			if typed[i], err = walk(element, within, change); err != nil {
				return nil, err
			}
		}
	case string:
		if within && typed != "" {
			return change(typed)
		}
	}
	return value, nil
}
