// Package pace slows the REST API down to the speed of a real server, so that ratios measured on the stand-in are realistic.
package pace

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// cost is the time that a request takes: serial for one request at a time, parallel at the same time as others.
type cost struct {
	serial, parallel time.Duration
}

// Real is the pace of an open-source core 3.77 with H2 on 2 cores, as measured with python -m tests.bench.pace.
const Real = "real"

// The delays in addition to the stand-in's own time; a sleep lasts about half a millisecond longer than requested.
var realCosts = map[string]cost{
	http.MethodGet:    {parallel: 400 * time.Microsecond},
	http.MethodPost:   {serial: 9000 * time.Microsecond, parallel: 7000 * time.Microsecond},
	http.MethodPut:    {serial: 800 * time.Microsecond, parallel: 1000 * time.Microsecond},
	http.MethodDelete: {serial: 1800 * time.Microsecond, parallel: 1200 * time.Microsecond},
}

// Named returns the wrapper for a pace; an empty name adds no delay.
func Named(name string) (func(http.Handler) http.Handler, error) {
	switch name {
	case "":
		return func(next http.Handler) http.Handler { return next }, nil
	case Real:
		return around, nil
	}
	return nil, fmt.Errorf("--pace %s is not known: use %s, or leave it out", name, Real)
}

func around(next http.Handler) http.Handler {
	turn := &sync.Mutex{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		taken := realCosts[r.Method]
		if taken.serial > 0 {
			turn.Lock()
			time.Sleep(taken.serial)
			turn.Unlock()
		}
		time.Sleep(taken.parallel)
		next.ServeHTTP(w, r)
	})
}
