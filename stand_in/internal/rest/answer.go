package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// answer is the response of an endpoint. A string body is sent as plain text, any other body as JSON.
type answer struct {
	status int
	body   any
	header map[string]string
}

func ok(body any) answer             { return answer{status: http.StatusOK, body: body} }
func empty(status int) answer        { return answer{status: status} }
func done() (answer, error)          { return empty(http.StatusNoContent), nil }
func created() (answer, error)       { return empty(http.StatusCreated), nil }
func orDone(e error) (answer, error) { return empty(http.StatusNoContent), e }

var (
	forbidden error = problem.Status(http.StatusForbidden)
	notFound  error = problem.Status(http.StatusNotFound)
	readOnly  error = problem.ReadOnly{}
)

const (
	validationType = "application/vnd.siesta-validation-errors-v1+json"
	textType       = "text/plain;charset=utf-8"
)

func writeAnswer(w http.ResponseWriter, r *http.Request, a answer) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.body == nil {
		if a.status >= 400 && a.status != http.StatusServiceUnavailable {
			w.Header().Set("X-Siesta-FaultId", uuid.NewString())
		}
		w.WriteHeader(a.status)
		return
	}
	if text, isText := a.body.(string); isText {
		w.Header().Set("Content-Type", textType)
		w.WriteHeader(a.status)
		fmt.Fprint(w, text)
		return
	}
	if !accepts(r, "application/json") {
		writeStatus(w, http.StatusNotAcceptable)
		return
	}
	writeJSON(w, a.status, "application/json", a.body)
}

func accepts(r *http.Request, media string) bool {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if accept == "" {
		return true
	}
	family := strings.SplitN(media, "/", 2)[0]
	for _, part := range strings.Split(accept, ",") {
		switch strings.TrimSpace(strings.SplitN(part, ";", 2)[0]) {
		case media, family + "/*", "*/*", "*":
			return true
		}
	}
	return false
}

func writeJSON(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		slog.Warn("response not sent", "error", err)
	}
}

func writeStatus(w http.ResponseWriter, status int) {
	if status >= 400 {
		w.Header().Set("X-Siesta-FaultId", uuid.NewString())
	}
	w.WriteHeader(status)
}

// writeError sends the response for an error.
func writeError(w http.ResponseWriter, err error) {
	var (
		status     problem.Status
		message    *problem.Message
		violations problem.Violations
		upload     content.ValidationErrors
		mismatch   *schema.Mismatch
		unexpected *problem.Fault
		text       *problem.Text
		frozen     problem.ReadOnly
	)
	switch {
	case errors.As(err, &status):
		writeStatus(w, int(status))
	case errors.As(err, &message):
		body := message.Text
		if !message.Bare {
			body = `"` + body + `"`
		}
		writeJSON(w, message.Status, "application/json", schema.Violation{ID: "*", Message: body})
	case errors.As(err, &violations):
		writeViolations(w, validationType, violations)
	case errors.As(err, &upload):
		writeViolations(w, validationType, upload)
	case errors.As(err, &mismatch):
		writeViolations(w, "application/json", mismatch.Violations)
	case errors.As(err, &unexpected):
		writeFault(w, unexpected)
	case errors.As(err, &text):
		w.Header().Set("Content-Type", textType)
		w.WriteHeader(text.Status)
		fmt.Fprintf(w, "ValidationErrorXO{id='*', message='%s'}", text.Message)
	case errors.As(err, &frozen):
		id := faultID(w)
		w.Header().Set("Content-Type", textType)
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "Nexus Repository Manager is in read-only mode: (ID %s)", id)
	default:
		slog.Error("request failed", "error", err)
		writeFault(w, &problem.Fault{Class: "java.lang.RuntimeException", Message: err.Error()})
	}
}

func writeViolations(w http.ResponseWriter, contentType string, list any) {
	faultID(w)
	writeJSON(w, http.StatusBadRequest, contentType, list)
}

func writeFault(w http.ResponseWriter, fault *problem.Fault) {
	id := faultID(w)
	w.Header().Set("Content-Type", textType)
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w, "ERROR: (ID %s) %s", id, fault.Error())
}

func faultID(w http.ResponseWriter) string {
	id := uuid.NewString()
	w.Header().Set("X-Siesta-FaultId", id)
	return id
}
