package rest

import (
	"encoding/json"
	"net/http"
	"os"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// keyFile is the variable with the name of the file with the keys for stored passwords.
const keyFile = "NEXUS_SECRETS_KEY_FILE"

var reEncryptBody = &schema.Object{Class: "ReEncryptionRequestApiXO", Fields: []schema.Field{
	{Name: "secretKeyId", Rule: schema.NotBlank}, {Name: "notifyEmail"},
}}

// encryptionRoutes take the order to encrypt stored passwords with another key. Nothing is encrypted here: the order is
// accepted where the file has the key, as the real server does.
func (a *API) encryptionRoutes() {
	a.onBody(route{method: "PUT", path: "/secrets/encryption/re-encrypt", need: administrator, body: reEncryptBody},
		func(_ *call, body schema.Values) (answer, error) {
			id := body.String("secretKeyId")
			if !hasKey(id) {
				return answer{}, problem.Refuse("Secret key with id '%s' was not found. Ensure all nodes have access to the key, and they use the same key", id)
			}
			message := "Task submitted. ID: " + a.NodeID
			return answer{status: http.StatusAccepted, body: map[string]any{"status": http.StatusAccepted, "message": message}}, nil
		})
}

func hasKey(id string) bool {
	var file struct{ Keys []struct{ ID string } }
	text, err := os.ReadFile(os.Getenv(keyFile)) // #nosec G304 G703 -- named by whoever runs the server
	if err != nil || json.Unmarshal(text, &file) != nil {
		return false
	}
	for _, key := range file.Keys {
		if key.ID == id {
			return true
		}
	}
	return false
}
