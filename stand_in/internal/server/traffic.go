package server

import (
	"net/http"
	"slices"
	"sync"

	"github.com/felixge/httpsnoop"
)

// remembered is how many of the last requests the times of an answer are taken from, as the real server samples them.
const remembered = 1028

// traffic counts what was answered, and how long that took.
type traffic struct {
	mutex    sync.Mutex
	requests int64
	failed   int64 // with a 5xx
	seconds  []float64
	next     int
}

// around counts the requests of a handler, also those whose connection it drops.
func (t *traffic) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		metrics := httpsnoop.Metrics{Code: http.StatusOK}
		defer func() { t.answered(metrics.Code >= http.StatusInternalServerError, metrics.Duration.Seconds()) }()
		metrics.CaptureMetrics(w, func(w http.ResponseWriter) { next.ServeHTTP(w, r) })
	})
}

func (t *traffic) answered(failed bool, seconds float64) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.requests++
	if failed {
		t.failed++
	}
	if len(t.seconds) < remembered {
		t.seconds = append(t.seconds, seconds)
		return
	}
	t.seconds[t.next] = seconds
	t.next = (t.next + 1) % remembered
}

// counts are those of all requests, and of those that failed.
func (t *traffic) counts() (requests, failed int64) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.requests, t.failed
}

// quantile is the time within which so much of the last requests was answered.
func (t *traffic) quantile(part float64) float64 {
	t.mutex.Lock()
	sorted := slices.Clone(t.seconds)
	t.mutex.Unlock()
	if len(sorted) == 0 {
		return 0
	}
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}
