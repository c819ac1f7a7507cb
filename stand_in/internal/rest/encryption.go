package rest

import (
	"fmt"
	"net/http"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

var reEncryptBody = &schema.Object{Class: "ReEncryptionRequestApiXO", Fields: []schema.Field{
	{Name: "secretKeyId", Rule: schema.NotBlank}, {Name: "notifyEmail"},
}}

// reEncryption is how long re-encryption is reported to run. The real server waits for ten seconds first, then reads every secret.
const reEncryption = 2 * time.Second

// encryptionRoutes accept requests to re-encrypt stored secrets with another key. Like the real server, they require that
// the file has the key and that no re-encryption is running.
func (a *API) encryptionRoutes() {
	a.onBody(route{method: "PUT", path: "/secrets/encryption/re-encrypt", need: administrator, body: reEncryptBody},
		func(_ *call, body schema.Values) (answer, error) {
			id := body.String("secretKeyId")
			if a.isReEncrypting() {
				return answer{}, &problem.Message{Status: http.StatusConflict, Text: "Re-encryption task is already running"}
			}
			if !a.Database.Secrets.Has(id) {
				text := fmt.Sprintf("Key id '%s' not found. Check secrets configuration, make sure the file and key id exists.", id)
				return answer{}, &problem.Message{Status: http.StatusBadRequest, Text: text, Bare: true}
			}
			if err := a.Database.ReEncrypt(id); err != nil {
				return answer{}, err
			}
			a.reEncrypted.Store(time.Now().Add(reEncryption).UnixNano())
			message := "Task submitted. ID: " + a.NodeID
			return answer{status: http.StatusAccepted, body: map[string]any{"status": http.StatusAccepted, "message": message}}, nil
		})
}

func (a *API) isReEncrypting() bool { return time.Now().UnixNano() < a.reEncrypted.Load() }

// reEncryptionCheck is the result of the health check "Re-encryption required".
func (a *API) reEncryptionCheck() (healthy bool, message string) {
	if a.isReEncrypting() {
		return true, "Re-encryption in progress. Check task logs for more information."
	}
	switch other, err := a.Database.HasOtherKey(); {
	case err != nil:
		return false, err.Error()
	case other:
		return false, "Detected more than one encryption key in use. " +
			"Re-encryption is required. See help documentation for information on how to start re-encryption."
	}
	return true, "All secrets using same encryption key. Re-encryption is not required."
}

// keyCheck is the result of the health check "Default Secret Encryption Key".
func (a *API) keyCheck() (healthy bool, message string) {
	switch id, err := a.Database.Secrets.Active(); {
	case err != nil:
		return false, err.Error()
	case id == "":
		return false, "Nexus was not configured with an encryption key and is using the Default key."
	default:
		return true, fmt.Sprintf("Nexus was configured to use %s to encrypt secrets.", id)
	}
}
