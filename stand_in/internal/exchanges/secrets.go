package exchanges

import (
	"encoding/json"
	"regexp"
)

const mask = "***"

var secret = regexp.MustCompile(`(?i)password|passphrase|passcode|namecode|secret|token|keypair|accountkey|privatekey`)

// withoutSecrets masks each string under a key that names a secret; it returns nil if body is not JSON.
func withoutSecrets(body []byte) json.RawMessage {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return nil
	}
	masked, err := json.Marshal(masked(value, false))
	if err != nil {
		return nil
	}
	return masked
}

func masked(value any, hidden bool) any {
	switch typed := value.(type) {
	case map[string]any:
		for name, field := range typed {
			typed[name] = masked(field, hidden || secret.MatchString(name))
		}
	case []any:
		for i, element := range typed {
			typed[i] = masked(element, hidden)
		}
	case string:
		if hidden && typed != "" {
			return mask
		}
	}
	return value
}
