package blobstore

import (
	"io"
	"syscall"
)

// SetFull makes every further upload fail as on a full disk, also those that have begun, or ends that.
func (m *Manager) SetFull(full bool) { m.full.Store(full) }

// Full tells whether uploads fail now.
func (m *Manager) Full() bool { return m.full.Load() }

// UntilFull is a body of which nothing more can be stored once the disk is full.
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
