package rest

import (
	"fmt"
	"strconv"
	"strings"
)

// luceneFault is why Lucene's parser of regular expressions (RegExp of release 5.5, with all of its operators) refuses an
// expression; "" if it does not. Nexus checks the expression of a cleanup policy with it, and runs it with
// java.util.regex: to Lucene `(?!a)` is a group that begins with two plain characters.
func luceneFault(expression string) (fault string) {
	if expression == "" {
		return ""
	}
	defer func() {
		if found := recover(); found != nil {
			refused, is := found.(luceneRefusal)
			if !is {
				panic(found)
			}
			fault = string(refused)
		}
	}()
	parser := &luceneParser{text: []rune(expression)}
	parser.alternatives()
	if parser.at < len(parser.text) {
		parser.refuse("end-of-string expected at position %d", parser.at)
	}
	return ""
}

type luceneRefusal string

type luceneParser struct {
	text []rune
	at   int
}

func (p *luceneParser) refuse(format string, arguments ...any) {
	panic(luceneRefusal(fmt.Sprintf(format, arguments...)))
}

func (p *luceneParser) next() rune {
	if p.at == len(p.text) {
		p.refuse("unexpected end-of-string")
	}
	p.at++
	return p.text[p.at-1]
}

// peek reports whether the next rune is one of these.
func (p *luceneParser) peek(runes string) bool {
	return p.at < len(p.text) && strings.ContainsRune(runes, p.text[p.at])
}

func (p *luceneParser) match(r rune) bool {
	matched := p.peek(string(r))
	if matched {
		p.at++
	}
	return matched
}

func (p *luceneParser) expect(r rune) {
	if !p.match(r) {
		p.refuse("expected '%c' at position %d", r, p.at)
	}
}

// alternatives reads what stands side by side or is joined by | and &, each of which needs something after it.
func (p *luceneParser) alternatives() {
	p.repeated()
	for p.at < len(p.text) && !p.peek(")") {
		if !p.match('|') {
			p.match('&')
		}
		p.repeated()
	}
}

func (p *luceneParser) repeated() {
	for p.match('~') {
	}
	if p.match('[') {
		p.class()
	} else {
		p.simple()
	}
	for p.peek("?*+{") {
		if p.next() == '{' {
			p.counted()
		}
	}
}

func (p *luceneParser) counted() {
	if p.number() == 0 {
		p.refuse("integer expected at position %d", p.at)
	}
	if p.match(',') {
		p.number()
	}
	p.expect('}')
}

// number reads digits, and returns how many.
func (p *luceneParser) number() int {
	from := p.at
	for p.peek("0123456789") {
		p.at++
	}
	if digits := string(p.text[from:p.at]); digits != "" && !isJavaInt(digits) {
		p.refuse("For input string: \"%s\"", digits)
	}
	return p.at - from
}

func isJavaInt(digits string) bool {
	_, err := strconv.ParseInt(digits, 10, 32)
	return err == nil
}

func (p *luceneParser) class() {
	p.match('^')
	for first := true; first || p.at < len(p.text) && !p.peek("]"); first = false {
		from := p.character()
		if !p.match('-') {
			continue
		}
		if to := p.character(); to < from {
			p.refuse("invalid range: from (%d) cannot be > to (%d)", from, to)
		}
	}
	p.expect(']')
}

func (p *luceneParser) character() rune {
	p.match('\\')
	return p.next()
}

func (p *luceneParser) simple() {
	switch {
	case p.match('"'):
		p.skipTo('"')
		p.expect('"')
	case p.match('('):
		if !p.match(')') {
			p.alternatives()
			p.expect(')')
		}
	case p.match('<'):
		from := p.at
		p.skipTo('>')
		p.expect('>')
		p.interval(string(p.text[from : p.at-1]))
	default:
		p.character()
	}
}

func (p *luceneParser) skipTo(r rune) {
	for p.at < len(p.text) && !p.peek(string(r)) {
		p.at++
	}
}

// interval checks <n-m>; without a hyphen it is a name.
func (p *luceneParser) interval(text string) {
	from, to, is := strings.Cut(text, "-")
	if is && (!isJavaInt(from) || !isJavaInt(to)) {
		p.refuse("interval syntax error at position %d", p.at-1)
	}
}
