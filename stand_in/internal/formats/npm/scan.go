package npm

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
)

// scanner copies JSON from in to out without holding it in memory, and can change string values on the way.
type scanner struct {
	in     *bufio.Reader
	out    *bufio.Writer
	offset int64
	stack  []level
}

type level struct {
	object    bool
	expectKey bool
	key       string
}

// An edit changes a string value: replace returns the new value; cut empties it and gets its position in the input. With
// neither, the value is copied.
type edit struct {
	replace func(value string) string
	cut     func(start, end int64)
}

const (
	maxDepth  = 200
	maxString = 64 << 10 // of keys and replaced values, which are held in memory
)

// scan calls choose for every string value with the keys of its path (array elements have the key "").
func scan(out io.Writer, in io.Reader, choose func(keys []string) edit) error {
	s := &scanner{in: bufio.NewReaderSize(in, 64<<10), out: bufio.NewWriterSize(out, 64<<10)}
	for {
		c, err := s.next()
		if err == io.EOF {
			return s.finish()
		}
		if err == nil {
			err = s.token(c, choose)
		}
		if err != nil {
			return err
		}
	}
}

func (s *scanner) finish() error {
	if len(s.stack) != 0 {
		return errors.New("JSON ends too early")
	}
	return s.out.Flush()
}

func (s *scanner) next() (byte, error) {
	c, err := s.in.ReadByte()
	if err == nil {
		s.offset++
	}
	return c, err
}

func (s *scanner) token(c byte, choose func([]string) edit) error {
	switch c {
	case '"':
		return s.text(choose)
	case '{', '[':
		if len(s.stack) == maxDepth {
			return fmt.Errorf("JSON is nested more than %d levels deep", maxDepth)
		}
		s.stack = append(s.stack, level{object: c == '{', expectKey: c == '{'})
	case '}', ']':
		if len(s.stack) == 0 {
			return errors.New("JSON closes what was not opened")
		}
		s.stack = s.stack[:len(s.stack)-1]
	case ':', ',':
		if top := s.top(); top != nil {
			top.expectKey = c == ',' && top.object
		}
	}
	return s.out.WriteByte(c)
}

func (s *scanner) top() *level {
	if len(s.stack) == 0 {
		return nil
	}
	return &s.stack[len(s.stack)-1]
}

func (s *scanner) text(choose func([]string) edit) error {
	if top := s.top(); top != nil && top.expectKey {
		key, err := s.held()
		top.key = key
		return errors.Join(err, s.quote(key))
	}
	chosen := choose(s.keys())
	switch {
	case chosen.replace != nil:
		value, err := s.held()
		if err != nil {
			return err
		}
		return s.quote(chosen.replace(value))
	case chosen.cut != nil:
		start := s.offset
		if err := s.body(func(byte) error { return nil }); err != nil {
			return err
		}
		chosen.cut(start, s.offset-1)
		return s.quote("")
	}
	if err := s.out.WriteByte('"'); err != nil {
		return err
	}
	if err := s.body(s.out.WriteByte); err != nil {
		return err
	}
	return s.out.WriteByte('"')
}

func (s *scanner) keys() []string {
	keys := make([]string, len(s.stack))
	for i, level := range s.stack {
		keys[i] = level.key
	}
	return keys
}

// body visits the bytes of a string up to the closing quote.
func (s *scanner) body(visit func(byte) error) error {
	for escaped := false; ; {
		c, err := s.next()
		if err != nil {
			return errors.New("JSON ends within a string")
		}
		if c == '"' && !escaped {
			return nil
		}
		escaped = c == '\\' && !escaped
		if err := visit(c); err != nil {
			return err
		}
	}
}

func (s *scanner) held() (string, error) {
	raw := []byte{'"'}
	err := s.body(func(c byte) error {
		if len(raw) > maxString {
			return fmt.Errorf("a JSON string is longer than %d bytes", maxString)
		}
		raw = append(raw, c)
		return nil
	})
	if err != nil {
		return "", err
	}
	var value string
	err = json.Unmarshal(append(raw, '"'), &value)
	return value, err
}

func (s *scanner) quote(value string) error {
	quoted, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = s.out.Write(quoted)
	return err
}

// isArchiveAddress matches versions.<version>.dist.tarball.
func isArchiveAddress(keys []string) bool {
	return len(keys) == 4 && keys[0] == "versions" && keys[2] == "dist" && keys[3] == "tarball"
}

// rewriteArchives copies a package document and changes the archive URLs to the repository at base.
func rewriteArchives(out io.Writer, document io.Reader, base, name string) error {
	address := func(stored string) string { return base + "/" + archivePath(name, path.Base(stored)) }
	return scan(out, document, func(keys []string) edit {
		if isArchiveAddress(keys) {
			return edit{replace: address}
		}
		return edit{}
	})
}
