package exchanges

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func written(t *testing.T, r *http.Request, answer http.HandlerFunc) (Exchange, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "exchanges")
	journal, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	journal.Around(answer).ServeHTTP(httptest.NewRecorder(), r)
	line, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var exchange Exchange
	if err := json.Unmarshal(line, &exchange); err != nil {
		t.Fatal(err)
	}
	return exchange, string(line)
}

func TestBothBodiesAreRecordedWithoutSecrets(t *testing.T) {
	body := `{"userId":"dev","password":"of-dev","authentication":{"type":"username","bearerToken":"of-bearer"}}`
	r := httptest.NewRequest("POST", "/service/rest/v1/security/users", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "a-client")
	exchange, line := written(t, r, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `[{"userId":"dev","passCode":"of-pass","keys":[{"secretKey":{"nested":"of-nested"}}]}]`)
	})
	if exchange.Status != 201 || exchange.Client != "a-client" || exchange.Method != "POST" || exchange.Path != "/service/rest/v1/security/users" {
		t.Errorf("written down as %s", line)
	}
	for _, hidden := range []string{"of-dev", "of-bearer", "of-pass", "of-nested"} {
		if strings.Contains(line, hidden) {
			t.Errorf("%s is not masked in %s", hidden, line)
		}
	}
	if !strings.Contains(string(exchange.Request), `"type":"username"`) || !strings.Contains(string(exchange.Answer), `"userId":"dev"`) {
		t.Errorf("a field that is not secret is missing in %s", line)
	}
}

func TestBodiesOtherThanJSONAreOmitted(t *testing.T) {
	r := httptest.NewRequest("PUT", "/service/rest/v1/security/users/dev/change-password", strings.NewReader("of-dev"))
	r.Header.Set("Content-Type", "text/plain")
	exchange, line := written(t, r, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	if exchange.Request != nil || exchange.Answer != nil || strings.Contains(line, "of-dev") {
		t.Errorf("written down as %s", line)
	}
}
