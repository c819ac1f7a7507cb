package process

import (
	"bytes"
	"fmt"
	"strings"

	provider "github.com/pulumi/pulumi-go-provider"
)

// shownOnFailure is how many of the last stderr lines an error carries.
const shownOnFailure = 10

// stream keeps what one stream of a command prints and logs each line as soon as it is complete: as a status message, like
// the published plugin (LogOutput in its provider/pkg/provider/util/util.go), which Pulumi itself shows only meanwhile.
type stream struct {
	logger provider.Logger
	logged bool
	all    bytes.Buffer
	line   bytes.Buffer
}

func newStream(logger provider.Logger, logged bool) *stream {
	return &stream{logger: logger, logged: logged}
}

func (s *stream) Write(chunk []byte) (int, error) {
	s.all.Write(chunk)
	rest := chunk
	for {
		head, tail, complete := bytes.Cut(rest, []byte("\n"))
		s.line.Write(head)
		if !complete {
			return len(chunk), nil
		}
		s.flush()
		rest = tail
	}
}

func (s *stream) flush() {
	line := strings.TrimRight(s.line.String(), "\r")
	s.line.Reset()
	if s.logged && line != "" {
		s.logger.InfoStatus(line)
	}
}

func (s *stream) text() string {
	return strings.TrimSuffix(s.all.String(), "\n")
}

func (s *stream) lastLines() string {
	lines := strings.Split(s.text(), "\n")
	return strings.Join(lines[max(0, len(lines)-shownOnFailure):], "\n")
}

// failure tells how a command ended. Its text, environment and stdin stay out: they may hold secrets.
func failure(err error, stderr *stream) error {
	if stderr.text() == "" {
		return fmt.Errorf("command failed: %w (nothing on stderr)", err)
	}
	return fmt.Errorf("command failed: %w; last lines on stderr:\n%s", err, stderr.lastLines())
}
