package javaregex

import (
	"fmt"
	"strings"
)

// parser reads an expression as java.util.regex.Pattern of Java 17 does, to the place at which that notices a fault:
// Java reads on past the end, where it finds zeros, and reports the place before the next one that it would read.
type parser struct {
	expression string
	text       []rune
	length     int // of the text without the zeros after it
	at         int
	flags      flags
	groups     int
	names      map[string]int
	referred   []int  // the groups that the expression refers to
	behind     behind // what is known of the look-behind that is being read
}

type flags struct{ ignoreCase, multiline, dotAll bool }

// behind tells which look-behinds Java refuses, as their longest text is not obvious to it.
type behind struct {
	refersToGroup bool
	unbounded     int
	unclear       string // what Java decides by a calculation that is not played
}

// piece is a part of an expression in the engine's syntax. A rune or a class is single.
type piece struct {
	engine string
	single bool
}

const zeros = 8

func newParser(expression string) *parser {
	text := unquoted([]rune(expression))
	return &parser{expression: expression, text: append(text, make([]rune, zeros)...), length: len(text), names: map[string]int{}}
}

func (p *parser) whole() string {
	found := p.alternatives()
	if p.at != p.length {
		if p.peek() == ')' {
			p.fail("Unmatched closing ')'")
		}
		p.fail("Unexpected internal error")
	}
	for _, group := range p.referred {
		if group > p.groups {
			found = strings.ReplaceAll(found, reference(group), "(?!)")
		}
	}
	return found
}

func reference(group int) string { return fmt.Sprintf(`\k<%d>`, group) }

func (p *parser) fail(description string) {
	panic(&SyntaxError{Description: description, Index: p.at - 1, Expression: p.expression})
}

func unsupported(format string, values ...any) {
	panic(&Unsupported{fmt.Sprintf(format, values...)})
}

func (p *parser) peek() rune { return p.text[p.at] }

func (p *parser) read() rune {
	p.at++
	return p.text[p.at-1]
}

// skip reads the rune after the next one.
func (p *parser) skip() rune {
	p.at += 2
	return p.text[p.at-1]
}

func (p *parser) alternatives() string {
	found := []string{p.sequence()}
	for p.peek() == '|' {
		p.at++
		found = append(found, p.sequence())
	}
	return strings.Join(found, "|")
}

func (p *parser) sequence() string {
	var found strings.Builder
	for {
		switch r := p.peek(); {
		case r == '|' || r == ')' || p.ended():
			return found.String()
		case strings.ContainsRune("?*+", r):
			p.at++
			p.fail(fmt.Sprintf("Dangling meta character '%c'", r))
		case r == '(':
			found.WriteString(p.group())
		default:
			found.WriteString(p.repeated(p.atom(r)))
		}
	}
}

func (p *parser) ended() bool { return p.peek() == 0 && p.at >= p.length }

func (p *parser) atom(r rune) piece {
	switch r {
	case '{': // repeats nothing
		return piece{}
	case '[':
		return p.one(p.class(true))
	case '\\':
		return p.escapedAtom()
	}
	p.at++
	switch r {
	case '^':
		return piece{engine: p.lineStart()}
	case '$':
		return piece{engine: p.lineEnd(p.flags.multiline)}
	case '.':
		if p.flags.dotAll {
			return p.one(of(span{0, last}))
		}
		return p.one(terminators.negated())
	}
	return p.one(p.cased(of(span{r, r})))
}

func (p *parser) one(class set) piece { return piece{class.String(), true} }

// cased is the set in both cases where the expression ignores them.
func (p *parser) cased(class set) set {
	if p.flags.ignoreCase {
		return class.folded()
	}
	return class
}

func (p *parser) lineStart() string {
	if !p.flags.multiline {
		return `\A`
	}
	return `(?:(?:\A|(?<=[\n\u0085\u2028\u2029])|(?<=\r)(?!\n))(?!\z))`
}

func (p *parser) lineEnd(ofEachLine bool) string {
	if ofEachLine {
		return `(?:\z|(?<!\r)(?=\n)|(?=[\r\u0085\u2028\u2029]))`
	}
	return `(?=(?:\r\n|(?<!\r)\n|[\r\u0085\u2028\u2029])?\z)`
}

// group reads a group and what repeats it. Flags alone, like (?i), hold until the group around them ends.
func (p *parser) group() string {
	before := p.flags
	p.at++
	opened, onlyFlags := p.opened()
	if onlyFlags {
		return ""
	}
	found := opened
	switch opened {
	case "(?<=", "(?<!":
		found += p.lookBehind()
	case "(?=", "(?!":
		found += p.lookAhead()
	default:
		found += p.alternatives()
	}
	if p.read() != ')' {
		p.fail("Unclosed group")
	}
	p.flags = before
	return p.repeated(piece{engine: found + ")"})
}

// opened reads the start of a group, and returns how the group starts in the engine's syntax.
func (p *parser) opened() (engine string, onlyFlags bool) {
	if p.peek() != '?' {
		p.groups++
		return "(", false
	}
	switch r := p.skip(); r {
	case ':', '=', '!', '>':
		return "(?" + string(r), false
	case '<':
		return p.named(), false
	case '$', '@':
		p.fail("Unknown group type")
	}
	p.at--
	p.setFlags()
	switch p.read() {
	case ')':
		return "", true
	case ':':
	default:
		p.fail("Unknown inline modifier")
	}
	return "(?:", false
}

func (p *parser) named() string {
	r := p.read()
	if r == '=' || r == '!' {
		return "(?<" + string(r)
	}
	name := p.groupName(r)
	if p.names[name] > 0 {
		p.fail("Named capturing group <" + name + "> is already defined")
	}
	p.groups++
	p.names[name] = p.groups
	return "("
}

func (p *parser) groupName(r rune) string {
	if !isLetter(r) {
		p.fail("capturing group name does not start with a Latin letter")
	}
	var found strings.Builder
	for ; isLetter(r) || isDigit(r); r = p.read() {
		found.WriteRune(r)
	}
	if r != '>' {
		p.fail("named capturing group is missing trailing '>'")
	}
	return found.String()
}

func (p *parser) setFlags() {
	to := true
	for ; ; p.at++ {
		switch r := p.peek(); {
		case r == 'i':
			p.flags.ignoreCase = to
		case r == 'm':
			p.flags.multiline = to
		case r == 's':
			p.flags.dotAll = to
		case r == '-' && to:
			to = false
		case r == 0 || !strings.ContainsRune("ducxU", r):
			return
		case to:
			unsupported("the flag %c", r)
		}
	}
}

// lookAhead has no length, whatever is in it.
func (p *parser) lookAhead() string {
	around := p.behind
	found := p.alternatives()
	p.behind = around
	return found
}

func (p *parser) lookBehind() string {
	around := p.behind
	p.behind = behind{}
	found := p.alternatives()
	if p.behind.refersToGroup {
		p.fail("Look-behind group does not have an obvious maximum length")
	}
	if p.behind.unclear != "" {
		unsupported("%s in a look-behind", p.behind.unclear)
	}
	p.behind = around
	return found
}
