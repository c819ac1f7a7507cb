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
	writeJSON(w, content.Status(err), map[string]any{"success": false, "error": err.Error()})
}

func methodNotAllowed(w http.ResponseWriter) {
	w.Header().Set("Allow", "GET, HEAD")
	writeJSON(w, http.StatusMethodNotAllowed, map[string]any{"success": false, "error": "method not allowed"})
}
