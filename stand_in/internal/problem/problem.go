// Package problem has the errors that the REST API knows how to answer.
package problem

import (
	"fmt"

	"repository-store/nexus-stand-in/internal/schema"
)

// Status is answered with an empty body.
type Status int

func (s Status) Error() string { return fmt.Sprintf("status %d", int(s)) }

// Message is answered as {"id":"*","message":...}; the real server wraps most texts in quotes, some it leaves bare.
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

// Violations is answered with 400 and the list.
type Violations []schema.Violation

func (v Violations) Error() string { return fmt.Sprint([]schema.Violation(v)) }

// Violation is a list of one.
func Violation(id, format string, arguments ...any) error {
	return Violations{{ID: id, Message: fmt.Sprintf(format, arguments...)}}
}

// Fault is what the real server answers when it did not expect something: 500 with the name of a Java exception.
type Fault struct{ Class, Message string }

func (f *Fault) Error() string {
	if f.Message == "" {
		return f.Class
	}
	return f.Class + ": " + f.Message
}

// Text is answered as the plain text that the real server makes of a validation error in some places.
type Text struct {
	Status  int
	Message string
}

func (t *Text) Error() string { return t.Message }

// ReadOnly is answered with 503.
type ReadOnly struct{}

func (ReadOnly) Error() string { return "read-only mode" }
