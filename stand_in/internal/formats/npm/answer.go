package npm

import (
	"encoding/json"
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
)

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client is gone
}

// writeError answers in the JSON that npm shows to the user.
func writeError(w http.ResponseWriter, err error) {
	refuse(w, content.Status(err), err.Error())
}

func refuse(w http.ResponseWriter, status int, reason string) {
	writeJSON(w, status, map[string]any{"success": false, "error": reason})
}

func methodNotAllowed(w http.ResponseWriter) {
	w.Header().Set("Allow", "GET, HEAD")
	refuse(w, http.StatusMethodNotAllowed, "method not allowed")
}
