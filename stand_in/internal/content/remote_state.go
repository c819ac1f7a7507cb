package content

import (
	"net/url"
	"strings"
	"sync"
	"time"
)

const autoBlockFor = 40 * time.Second

// RemoteState is what a proxy remembers of its remote between requests.
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

// NewRemoteState begins with nothing blocked and nothing known to be missing.
func NewRemoteState() *RemoteState {
	return &RemoteState{missing: map[string]time.Time{}, fetching: map[string]*pathLock{}}
}

// Invalidate makes everything cached stale and forgets what is missing.
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

// Blocked tells whether the remote is automatically blocked at the moment.
func (s *RemoteState) Blocked() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return time.Now().Before(s.blockedTill)
}

// Failed notes that the remote could not be reached.
func (s *RemoteState) Failed(autoBlock bool) {
	if !autoBlock {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.blockedTill = time.Now().Add(autoBlockFor)
}

// Succeeded notes that the remote answered.
func (s *RemoteState) Succeeded() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.blockedTill = time.Time{}
}

// KnownMissing tells whether the remote lately said that it has no such path.
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

// Missing notes that the remote has no such path.
func (s *RemoteState) Missing(path string, keep time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.missing) >= maxMissing {
		s.missing = map[string]time.Time{}
	}
	s.missing[path] = time.Now().Add(keep)
}

// lockPath makes sure that one request at a time asks the remote for a path.
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

// EscapePath escapes every segment of a path for use in a URL.
func EscapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
	}
	return strings.Join(segments, "/")
}
