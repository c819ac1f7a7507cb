package server

import (
	"net/http"
	"slices"
	"sync"

	"github.com/felixge/httpsnoop"
)

// sampleSize is the number of recent requests for the quantiles of response times, like the sample of the real server.
const sampleSize = 1028

// traffic counts responses and records their times.
type traffic struct {
	mutex    sync.Mutex
	requests int64
	failed   int64 // status 5xx
	seconds  []float64
	next     int
}

// around counts the requests of a handler, also those with a dropped connection.
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
	if len(t.seconds) < sampleSize {
		t.seconds = append(t.seconds, seconds)
		return
	}
	t.seconds[t.next] = seconds
	t.next = (t.next + 1) % sampleSize
}

// counts returns the number of all requests and of failed ones.
func (t *traffic) counts() (requests, failed int64) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.requests, t.failed
}

// quantile returns the time in seconds within which that part of the recent requests was answered.
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
