// Package audit records who changed what in the same files as the real server: log/audit/audit.log with a line of JSON
// per change, and a compressed file for each earlier day.
package audit

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	day       = "2006-01-02"
	keptFiles = 90
)

// Record is one line of the audit log.
type Record struct {
	Timestamp  string         `json:"timestamp"`
	NodeID     string         `json:"nodeId"`
	Initiator  string         `json:"initiator"` // user/IP address
	Domain     string         `json:"domain"`
	Type       string         `json:"type"`
	Context    string         `json:"context,omitempty"`
	Thread     string         `json:"thread"`
	Attributes map[string]any `json:"attributes"`
}

// Log is today's audit log.
type Log struct {
	mutex  sync.Mutex
	folder string
	node   func() string
	isOn   func() bool
	now    func() time.Time
}

// New returns the audit log of a data directory; nothing is written while isOn returns false.
func New(dataDir string, node func() string, isOn func() bool) *Log {
	return &Log{folder: filepath.Join(dataDir, "log", "audit"), node: node, isOn: isOn, now: time.Now}
}

// Write adds a record and fills in its time, node and thread. A failure goes to the server log.
func (l *Log) Write(record Record) {
	if !l.isOn() {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now().UTC()
	record.Timestamp = now.Format("2006-01-02 15:04:05,000") + "+0000"
	record.NodeID, record.Thread = l.node(), "stand-in"
	if record.Attributes == nil {
		record.Attributes = map[string]any{}
	}
	if err := l.append(record, now); err != nil {
		slog.Error("audit record not written", "error", err)
	}
}

func (l *Log) append(record Record, now time.Time) error {
	line, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(l.folder, 0o755); err != nil {
		return err
	}
	path := filepath.Join(l.folder, "audit.log")
	if written, err := os.Stat(path); err == nil && written.ModTime().UTC().Format(day) != now.Format(day) {
		if err := l.rotate(path, written.ModTime().UTC()); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close(), os.Chtimes(path, now, now))
}

// rotate compresses the log into a file named after the day it was written, and removes the oldest files.
func (l *Log) rotate(path string, written time.Time) error {
	plain, err := os.Open(path)
	if err != nil {
		return err
	}
	defer plain.Close()
	packed, err := os.Create(filepath.Join(l.folder, "audit-"+written.Format(day)+".log.gz"))
	if err != nil {
		return err
	}
	writer := gzip.NewWriter(packed)
	_, err = io.Copy(writer, plain)
	if err = errors.Join(err, writer.Close(), packed.Close()); err != nil {
		return err
	}
	older, err := filepath.Glob(filepath.Join(l.folder, "audit-*.log.gz"))
	slices.Sort(older)
	for len(older) > keptFiles {
		err = errors.Join(err, os.Remove(older[0]))
		older = older[1:]
	}
	return errors.Join(err, os.Remove(path))
}
