package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// keyFile is the environment variable with the path of the file of encryption keys for stored secrets.
const keyFile = "NEXUS_SECRETS_KEY_FILE"

var reEncryptBody = &schema.Object{Class: "ReEncryptionRequestApiXO", Fields: []schema.Field{
	{Name: "secretKeyId", Rule: schema.NotBlank}, {Name: "notifyEmail"},
}}

// reEncryption is how long re-encryption takes. The real server waits for ten seconds first, then reads every secret.
const reEncryption = 2 * time.Second

// encryptionRoutes accept requests to re-encrypt stored secrets with another key. Like the real server, they require that
// the file has the key and that no re-encryption is running; nothing is encrypted here.
func (a *API) encryptionRoutes() {
	a.onBody(route{method: "PUT", path: "/secrets/encryption/re-encrypt", need: administrator, body: reEncryptBody},
		func(_ *call, body schema.Values) (answer, error) {
			id := body.String("secretKeyId")
			if a.isReEncrypting() {
				return answer{}, &problem.Message{Status: http.StatusConflict, Text: "Re-encryption task is already running"}
			}
			if !hasKey(id) {
				text := fmt.Sprintf("Key id '%s' not found. Check secrets configuration, make sure the file and key id exists.", id)
				return answer{}, &problem.Message{Status: http.StatusBadRequest, Text: text, Bare: true}
			}
			a.reEncrypted.Store(time.Now().Add(reEncryption).UnixNano())
			message := "Task submitted. ID: " + a.NodeID
			return answer{status: http.StatusAccepted, body: map[string]any{"status": http.StatusAccepted, "message": message}}, nil
		})
}

func (a *API) isReEncrypting() bool { return time.Now().UnixNano() < a.reEncrypted.Load() }

// reEncryptionCheck is the message of the health check "Re-encryption required".
func (a *API) reEncryptionCheck() string {
	if a.isReEncrypting() {
		return "Re-encryption in progress. Check task logs for more information."
	}
	return "All secrets using same encryption key. Re-encryption is not required."
}

func hasKey(id string) bool {
	var file struct{ Keys []struct{ ID string } }
	text, err := os.ReadFile(os.Getenv(keyFile)) // #nosec G304 G703 -- set by the operator of the server
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
