package pace

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAnUnknownPaceIsRejectedWithTheAllowedOnes(t *testing.T) {
	if _, err := Named("slow"); err == nil || !strings.Contains(err.Error(), "--pace slow") || !strings.Contains(err.Error(), Real) {
		t.Errorf("the error is %v", err)
	}
}

func TestResponsesAreTheSameAtEveryPace(t *testing.T) {
	answer := strings.Repeat("x", 5000)
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(answer))
	})
	for _, name := range []string{"", Real} {
		wrapped, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead} {
			given := httptest.NewRecorder()
			wrapped(handler).ServeHTTP(given, httptest.NewRequest(method, "/", nil))
			if given.Code != http.StatusTeapot || given.Body.String() != answer {
				t.Errorf("%s at pace %q is answered with %d", method, name, given.Code)
			}
		}
	}
}
