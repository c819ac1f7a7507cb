package exchanges

import (
	"encoding/json"

	"repository-store/nexus-stand-in/internal/secrets"
)

const mask = "***"

// withoutSecrets masks each string under a key that names a secret; it returns nil if body is not JSON.
func withoutSecrets(body []byte) json.RawMessage {
	masked, ok, err := secrets.Change(body, func(string) (string, error) { return mask, nil })
	if !ok || err != nil {
		return nil
	}
	return masked
}
