// Package pace makes the REST API as slow as a real server's, so that a ratio measured on the stand-in means something.
package pace

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// cost is what a request takes: one part of it whatever else is asked, the other part only one request at a time.
type cost struct {
	inTurn, besides time.Duration
}

// Real is a pace by name: an open-source core 3.77 with H2 on 2 cores, of which python -m tests.bench.pace says so much.
const Real = "real"

// What it takes besides the stand-in's own time; a sleep lasts about half a millisecond longer than it is told.
var real = map[string]cost{
	http.MethodGet:    {besides: 400 * time.Microsecond},
	http.MethodPost:   {inTurn: 9000 * time.Microsecond, besides: 7000 * time.Microsecond},
	http.MethodPut:    {inTurn: 800 * time.Microsecond, besides: 1000 * time.Microsecond},
	http.MethodDelete: {inTurn: 1800 * time.Microsecond, besides: 1200 * time.Microsecond},
}

// Named finds the handler's wrapper; without a name requests take what they take.
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
		taken := real[r.Method]
		if taken.inTurn > 0 {
			turn.Lock()
			time.Sleep(taken.inTurn)
			turn.Unlock()
		}
		time.Sleep(taken.besides)
		next.ServeHTTP(w, r)
	})
}
