package blobstore

import (
	"io"
	"syscall"
)

// SetFull simulates a full disk, on which uploads fail, also those in progress; false ends it.
func (m *Manager) SetFull(full bool) { m.full.Store(full) }

// Full reports whether uploads fail now.
func (m *Manager) Full() bool { return m.full.Load() }

// UntilFull wraps a body so that reading it fails once the disk is full.
func (m *Manager) UntilFull(body io.Reader) io.Reader { return &untilFull{m, body} }

type untilFull struct {
	manager *Manager
	body    io.Reader
}

func (u *untilFull) Read(p []byte) (int, error) {
	n, err := u.body.Read(p)
	if u.manager.Full() {
		return 0, syscall.ENOSPC
	}
	return n, err
}
