// Package pace makes the REST API as slow as a real server's, so that a ratio measured on the stand-in means something.
package pace

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/felixge/httpsnoop"
)

// cost is what a request takes: one part of it whatever else is asked, the other part only one request at a time.
type cost struct {
	inTurn, besides time.Duration
}

// Real is a pace by name, from python -m tests.bench.pace on an open-source core 3.77 with H2 on 2 otherwise idle cores.
const Real = "real"

var real = map[string]cost{
	http.MethodGet:    {inTurn: 800 * time.Microsecond, besides: 1200 * time.Microsecond},
	http.MethodPost:   {inTurn: 12500 * time.Microsecond, besides: 10500 * time.Microsecond},
	http.MethodPut:    {inTurn: 12500 * time.Microsecond, besides: 10500 * time.Microsecond},
	http.MethodDelete: {inTurn: 4300 * time.Microsecond, besides: 5000 * time.Microsecond},
}

// perKiB is what a listing takes for each KiB of its answer.
const perKiB = 100 * time.Microsecond

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
		turn.Lock()
		time.Sleep(taken.inTurn)
		turn.Unlock()
		time.Sleep(taken.besides)
		next.ServeHTTP(httpsnoop.Wrap(w, httpsnoop.Hooks{Write: slowly}), r)
	})
}

func slowly(next httpsnoop.WriteFunc) httpsnoop.WriteFunc {
	return func(data []byte) (int, error) {
		time.Sleep(perKiB * time.Duration(len(data)) / 1024)
		return next(data)
	}
}
