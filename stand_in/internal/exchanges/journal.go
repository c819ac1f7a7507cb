// Package exchanges records the requests to the REST API and its responses, so that tests can compare both with the
// published API.
package exchanges

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
)

// Exchange is one request and its response, a line of the journal. JSON bodies are included with their secrets masked.
type Exchange struct {
	Method      string          `json:"method"`
	Path        string          `json:"path"`
	Client      string          `json:"client,omitempty"` // User-Agent
	Status      int             `json:"status"`
	ContentType string          `json:"contentType"`
	Request     json.RawMessage `json:"request,omitempty"`
	Answer      json.RawMessage `json:"answer,omitempty"`
}

// Journal is a file with a line of JSON for each exchange.
type Journal struct {
	mutex sync.Mutex
	file  *os.File
}

// Open opens a journal for appending; only its owner can read the file.
func Open(path string) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--exchanges %s cannot be used: %w", path, err)
	}
	return &Journal{file: file}, nil
}

// Around records each exchange of a handler before the client gets the end of the response.
func (j *Journal) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := copyBody(r)
		answered := &answer{status: http.StatusOK}
		next.ServeHTTP(answered.record(w), r)
		j.write(Exchange{
			Method: r.Method, Path: r.URL.EscapedPath(), Client: r.UserAgent(), Status: answered.status,
			ContentType: w.Header().Get("Content-Type"),
			Request:     withoutSecrets(asked.Bytes()), Answer: withoutSecrets(answered.body.Bytes()),
		})
	})
}

func (j *Journal) write(exchange Exchange) {
	line, err := json.Marshal(exchange)
	if err != nil {
		slog.Error("exchange not recorded", "error", err)
		return
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		slog.Error("exchange not recorded", "error", err)
	}
}
