// Package faults makes the server misbehave on demand, to test how clients react.
package faults

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// The kinds of faults.
const (
	Slow        = "slow"        // the answer is delayed
	Unavailable = "unavailable" // 503, the request is not carried out
	Drop        = "drop"        // the request is carried out, then the connection is closed without an answer
	DiskFull    = "disk-full"   // uploads fail as on a full disk
)

// Fault is one rule. The first rule that matches a request applies.
type Fault struct {
	Kind         string `json:"kind"`
	Method       string `json:"method,omitempty"`       // empty: any
	Path         string `json:"path,omitempty"`         // regular expression; empty: any
	Count        int    `json:"count,omitempty"`        // of requests; 0: until it is removed
	Every        int    `json:"every,omitempty"`        // only each so many-th request that fits; 0: every one
	Milliseconds int    `json:"milliseconds,omitempty"` // of slow: the delay; of unavailable: the duration from now on, 0: until it is removed

	pattern *regexp.Regexp
	until   time.Time
	seen    int
}

// Controller holds the active faults.
type Controller struct {
	mutex   sync.Mutex
	faults  []*Fault
	setFull func(bool)
}

// NewController starts without faults; setFull starts and ends a full disk.
func NewController(setFull func(bool)) *Controller { return &Controller{setFull: setFull} }

// Add turns a fault on.
func (c *Controller) Add(fault Fault) error {
	var err error
	if fault.pattern, err = regexp.Compile(fault.Path); err != nil {
		return fmt.Errorf("path %q is not a regular expression: %w", fault.Path, err)
	}
	switch fault.Kind {
	case DiskFull:
		c.setFull(true)
	case Unavailable:
		if fault.Milliseconds > 0 {
			fault.until = time.Now().Add(time.Duration(fault.Milliseconds) * time.Millisecond)
		}
	case Slow, Drop:
	default:
		return fmt.Errorf("kind %q is not known: use %s, %s, %s or %s", fault.Kind, Slow, Unavailable, Drop, DiskFull)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.faults = append(c.faults, &fault)
	return nil
}

// Clear turns all faults off.
func (c *Controller) Clear() {
	c.setFull(false)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.faults = nil
}

// All lists the active faults.
func (c *Controller) All() []Fault {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	all := []Fault{}
	for _, fault := range c.faults {
		all = append(all, *fault)
	}
	return all
}

// take returns the fault for a request, or nil, and counts it.
func (c *Controller) take(r *http.Request) *Fault {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for i, fault := range c.faults {
		expired := !fault.until.IsZero() && time.Now().After(fault.until)
		if expired || fault.Kind == DiskFull || !fault.fits(r) {
			continue
		}
		if fault.seen++; fault.Every > 1 && fault.seen%fault.Every != 0 {
			continue
		}
		taken := *fault
		if fault.Count > 0 {
			if fault.Count--; fault.Count == 0 {
				c.faults = append(c.faults[:i:i], c.faults[i+1:]...)
			}
		}
		return &taken
	}
	return nil
}

func (f *Fault) fits(r *http.Request) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) && f.pattern.MatchString(r.URL.Path)
}

// Around applies the faults to a handler.
func (c *Controller) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := c.take(r)
		if fault == nil {
			next.ServeHTTP(w, r)
			return
		}
		switch fault.Kind {
		case Slow:
			select {
			case <-time.After(time.Duration(fault.Milliseconds) * time.Millisecond):
			case <-r.Context().Done():
				return
			}
			next.ServeHTTP(w, r)
		case Unavailable:
			http.Error(w, "unavailable on demand", http.StatusServiceUnavailable)
		case Drop:
			next.ServeHTTP(&discard{header: http.Header{}}, r)
			panic(http.ErrAbortHandler) // closes the connection
		}
	})
}

// discard is a ResponseWriter that drops the response.
type discard struct{ header http.Header }

func (u *discard) Header() http.Header              { return u.header }
func (u *discard) WriteHeader(int)                  {}
func (u *discard) Write(answer []byte) (int, error) { return len(answer), nil }
