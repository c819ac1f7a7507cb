package content

import (
	"net/url"
	"strings"
	"sync"
	"time"
)

const autoBlockFor = 40 * time.Second

// RemoteState is what a proxy knows about its remote between requests.
type RemoteState struct {
	mutex       sync.Mutex
	invalidated time.Time
	blockedTill time.Time
	missing     map[string]time.Time
	fetching    map[string]*pathLock
}

type pathLock struct {
	sync.Mutex
	waiting int
}

// NewRemoteState returns a state with nothing blocked and an empty negative cache.
func NewRemoteState() *RemoteState {
	return &RemoteState{missing: map[string]time.Time{}, fetching: map[string]*pathLock{}}
}

// Invalidate makes all cached assets stale, ends an automatic block and clears the negative cache.
func (s *RemoteState) Invalidate() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.invalidated = time.Now()
	s.blockedTill = time.Time{}
	s.missing = map[string]time.Time{}
}

// Invalidated is the time of the last Invalidate.
func (s *RemoteState) Invalidated() time.Time {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.invalidated
}

// Blocked reports whether the remote is automatically blocked.
func (s *RemoteState) Blocked() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return time.Now().Before(s.blockedTill)
}

// Failed records that the remote could not be reached.
func (s *RemoteState) Failed(autoBlock bool) {
	if !autoBlock {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.blockedTill = time.Now().Add(autoBlockFor)
}

// Succeeded records that the remote answered.
func (s *RemoteState) Succeeded() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.blockedTill = time.Time{}
}

// KnownMissing reports whether the negative cache has a path.
func (s *RemoteState) KnownMissing(path string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	till, ok := s.missing[path]
	if ok && time.Now().After(till) {
		delete(s.missing, path)
		return false
	}
	return ok
}

const maxMissing = 10000

// Missing adds a path to the negative cache.
func (s *RemoteState) Missing(path string, keep time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.missing) >= maxMissing {
		s.missing = map[string]time.Time{}
	}
	s.missing[path] = time.Now().Add(keep)
}

// lockPath limits requests to the remote to one at a time for each path.
func (s *RemoteState) lockPath(path string) (release func()) {
	s.mutex.Lock()
	lock := s.fetching[path]
	if lock == nil {
		lock = &pathLock{}
		s.fetching[path] = lock
	}
	lock.waiting++
	s.mutex.Unlock()
	lock.Lock()
	return func() {
		lock.Unlock()
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if lock.waiting--; lock.waiting == 0 {
			delete(s.fetching, path)
		}
	}
}

// EscapePath escapes every segment of a path for a URL.
func EscapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
	}
	return strings.Join(segments, "/")
}
