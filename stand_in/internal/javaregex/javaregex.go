// Package javaregex has the regular expressions of java.util.regex, with which Nexus matches the paths of routing rules,
// content selectors and cleanup policies. It refuses what Java 17 refuses, in Java's words, and runs the rest on a
// backtracking engine, into whose syntax it translates it.
package javaregex

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// patience is how long a match may take. Java has no limit: it goes on, or ends with a StackOverflowError.
const patience = 2 * time.Second

// SyntaxError is Java's PatternSyntaxException.
type SyntaxError struct {
	Description string
	Index       int // -1: unknown
	Expression  string
}

func (e *SyntaxError) Error() string {
	text := e.Description
	if e.Index >= 0 {
		text += fmt.Sprintf(" near index %d", e.Index)
	}
	text += "\n" + e.Expression
	if e.Index >= 0 && e.Index < len([]rune(e.Expression)) {
		text += "\n" + strings.Repeat(" ", e.Index) + "^"
	}
	return text
}

// Unsupported is something that Java knows and this package cannot translate.
type Unsupported struct{ What string }

func (u *Unsupported) Error() string {
	return u.What + " in a regular expression is not played"
}

// Pattern is a compiled expression.
type Pattern struct{ engine *regexp2.Regexp }

// Compile returns a SyntaxError if Java refuses the expression, and Unsupported if it is not played.
func Compile(expression string) (*Pattern, error) {
	translated, err := translate(expression)
	if err != nil {
		return nil, err
	}
	engine, err := regexp2.Compile(`\A(?:`+translated+`)\z`, regexp2.None)
	if err != nil {
		return nil, &Unsupported{fmt.Sprintf("%q", expression)}
	}
	engine.MatchTimeout = patience
	return &Pattern{engine}, nil
}

// Matches reports whether the expression matches the whole text, as String.matches does. One that takes too long does not.
func (p *Pattern) Matches(text string) bool {
	matched, err := p.engine.MatchString(text)
	return err == nil && matched
}

// compiled has each expression that Matches was asked about: a *Pattern, nil for one that cannot be compiled.
var compiled sync.Map

// Matches reports whether the expression matches the whole text. One that cannot be compiled matches nothing.
func Matches(expression, text string) bool {
	found, known := compiled.Load(expression)
	if !known {
		pattern, _ := Compile(expression)
		found, _ = compiled.LoadOrStore(expression, pattern)
	}
	pattern, _ := found.(*Pattern)
	return pattern != nil && pattern.Matches(text)
}

func translate(expression string) (translated string, err error) {
	defer func() {
		switch found := recover().(type) {
		case nil:
		case *SyntaxError:
			err = found
		case *Unsupported:
			err = found
		default:
			panic(found)
		}
	}()
	return newParser(expression).whole(), nil
}

// unquoted replaces what is between \Q and \E by escapes.
func unquoted(text []rune) []rune {
	var found []rune
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\' || i+1 == len(text):
			found = append(found, text[i])
		case text[i+1] != 'Q':
			found = append(found, text[i], text[i+1])
			i++
		default:
			rest := string(text[i+2:])
			quoted, _, ended := strings.Cut(rest, `\E`)
			found = append(found, escaped([]rune(quoted))...)
			i += 1 + len([]rune(quoted))
			if ended {
				i += 2
			}
		}
	}
	return found
}

// escaped escapes a quotation; a digit at its start must not continue a reference before it.
func escaped(quoted []rune) []rune {
	var found []rune
	for i, r := range quoted {
		switch {
		case i == 0 && r >= '0' && r <= '9':
			found = append(found, '\\', 'x', '3', r)
		case r < 0x80 && !isLetter(r) && !isDigit(r):
			found = append(found, '\\', r)
		default:
			found = append(found, r)
		}
	}
	return found
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
