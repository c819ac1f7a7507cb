// Package audit writes down who changed what where the real server does: log/audit/audit.log, a line of JSON for each
// change, and a compressed file for each day before.
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
	day  = "2006-01-02"
	kept = 90
)

// Record is one line.
type Record struct {
	Timestamp  string         `json:"timestamp"`
	NodeID     string         `json:"nodeId"`
	Initiator  string         `json:"initiator"` // user and address
	Domain     string         `json:"domain"`
	Type       string         `json:"type"`
	Context    string         `json:"context,omitempty"`
	Thread     string         `json:"thread"`
	Attributes map[string]any `json:"attributes"`
}

// Log is the file of today.
type Log struct {
	mutex  sync.Mutex
	folder string
	node   func() string
	isOn   func() bool
	now    func() time.Time
}

// New is the log of a data directory; nothing is written while it is off.
func New(dataDir string, node func() string, isOn func() bool) *Log {
	return &Log{folder: filepath.Join(dataDir, "log", "audit"), node: node, isOn: isOn, now: time.Now}
}

// Write adds a record, whose time, node and thread are those of now. What cannot be written is reported in the server's own log.
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
		slog.Error("a change is not in the audit log", "error", err)
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

// rotate compresses what is there under the day on which it was written, and drops what is too old.
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
	for len(older) > kept {
		err = errors.Join(err, os.Remove(older[0]))
		older = older[1:]
	}
	return errors.Join(err, os.Remove(path))
}
