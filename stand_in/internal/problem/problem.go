// Package problem has the errors that the REST API turns into responses.
package problem

import (
	"fmt"

	"repository-store/nexus-stand-in/internal/schema"
)

// Status is answered with an empty body.
type Status int

func (s Status) Error() string { return fmt.Sprintf("status %d", int(s)) }

// Message is answered as {"id":"*","message":...}; the real server puts most texts in quotes, but not all (Bare).
type Message struct {
	Status int
	Text   string
	Bare   bool
}

func (m *Message) Error() string { return m.Text }

// Refuse is a Message with status 400.
func Refuse(format string, arguments ...any) error {
	return &Message{Status: 400, Text: fmt.Sprintf(format, arguments...)}
}

// NotFound is a Message with status 404.
func NotFound(format string, arguments ...any) error {
	return &Message{Status: 404, Text: fmt.Sprintf(format, arguments...)}
}

// Violations is answered with 400 and the list of violations.
type Violations []schema.Violation

func (v Violations) Error() string { return fmt.Sprint([]schema.Violation(v)) }

// Violation returns Violations with one entry.
func Violation(id, format string, arguments ...any) error {
	return Violations{{ID: id, Message: fmt.Sprintf(format, arguments...)}}
}

// Fault is the real server's answer to an unexpected error: 500 with the name of a Java exception.
type Fault struct{ Class, Message string }

func (f *Fault) Error() string {
	if f.Message == "" {
		return f.Class
	}
	return f.Class + ": " + f.Message
}

// Text is answered as plain text, which the real server sends for some validation errors.
type Text struct {
	Status  int
	Message string
}

func (t *Text) Error() string { return t.Message }

// ReadOnly is answered with 503.
type ReadOnly struct{}

func (ReadOnly) Error() string { return "read-only mode" }
