package javaregex

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// lineBreak is \R.
const lineBreak = `(?:\r\n|[\n-\r\u0085\u2028\u2029])`

// controls are the escapes that are one rune.
var controls = map[rune]rune{'a': 0x07, 'e': 0x1b, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escapedAtom reads what begins with a backslash outside of a class.
func (p *parser) escapedAtom() piece {
	p.at++
	if class, is := p.propertyHere(); is {
		return p.one(class)
	}
	p.at--
	if assertion, is := p.assertion(); is {
		return piece{engine: assertion}
	}
	r, class := p.escape(false)
	if class != nil {
		return p.one(class)
	}
	return p.one(p.cased(of(span{r, r})))
}

// assertion reads the escapes that are neither a rune nor a class, and only stand outside of a class.
func (p *parser) assertion() (string, bool) {
	r := p.text[p.at+1]
	if isDigit(r) && r != '0' {
		p.at += 2
		return p.referenced(p.reference(int(r - '0'))), true
	}
	found := ""
	switch r {
	case 'A', 'G':
		found = `\A`
	case 'Z':
		found = p.lineEnd(false)
	case 'z':
		found = `\z`
	case 'R':
		found = lineBreak
	case 'b':
		found = boundary("!", "=")
	case 'B':
		found = boundary("=", "!")
	case 'X':
		unsupported(`\X`)
	case 'k':
		p.at += 2
		return p.referenced(p.namedReference()), true
	default:
		return "", false
	}
	p.at += 2
	if r == 'b' && string(p.text[p.at:p.at+2]) == "{g" {
		unsupported(`\b{g}`)
	}
	return found, true
}

// boundary is \b or \B: what looks ahead (= or !) after a rune of a word, and after another one or the start.
func boundary(afterWord, afterOther string) string {
	word := wordLike().String()
	return "(?:(?<=" + word + ")(?" + afterWord + word + ")|(?<!" + word + ")(?" + afterOther + word + "))"
}

func (p *parser) namedReference() int {
	if p.read() != '<' {
		p.fail(`\k is not followed by '<' for named capturing group`)
	}
	name := p.groupName(p.read())
	if p.names[name] == 0 {
		p.fail("named capturing group <" + name + "> does not exist")
	}
	return p.names[name]
}

// reference reads on as long as there are groups of so high a number.
func (p *parser) reference(group int) int {
	for isDigit(p.peek()) {
		longer := group*10 + int(p.peek()-'0')
		if longer > p.groups {
			break
		}
		group = longer
		p.at++
	}
	return group
}

func (p *parser) referenced(group int) string {
	p.behind.refersToGroup = true
	p.referred = append(p.referred, group)
	if p.flags.ignoreCase {
		return "(?i:" + reference(group) + ")"
	}
	return "(?:" + reference(group) + ")"
}

// escape reads an escape that is a rune or, if the set is not nil, a class. At the end of a range \v is one rune.
func (p *parser) escape(ofRange bool) (rune, set) {
	r := p.skip()
	switch r {
	case '0':
		return p.octal(), nil
	case 'c':
		if p.at >= p.length {
			p.fail("Illegal control escape sequence")
		}
		return p.read() ^ 64, nil
	case 'u':
		return p.utf16(), nil
	case 'x':
		return p.hexadecimal(), nil
	case 'N':
		p.characterName()
	}
	if r == 'v' && ofRange {
		return '\v', nil
	}
	if control, is := controls[r]; is {
		return control, nil
	}
	if class, is := predefined[r]; is {
		return -1, class
	}
	if class, is := predefined[r|0x20]; is && isLetter(r) {
		return -1, class.negated()
	}
	if isLetter(r) || isDigit(r) {
		p.fail("Illegal/unsupported escape sequence")
	}
	return r, nil
}

// characterName reads \N{…}, of which only the faults are played.
func (p *parser) characterName() {
	if p.read() != '{' {
		p.fail("Illegal character name escape sequence")
	}
	for p.read() != '}' {
		if p.at >= p.length {
			p.fail("Unclosed character name escape sequence")
		}
	}
	unsupported(`\N{…}`)
}

func (p *parser) octal() rune {
	first := p.read()
	if !isOctal(first) {
		p.fail("Illegal octal escape sequence")
	}
	found := first - '0'
	for more := 2; more > 0 && isOctal(p.peek()); more-- {
		if more == 1 && first > '3' {
			break
		}
		found = found*8 + p.read() - '0'
	}
	return found
}

func isOctal(r rune) bool { return r >= '0' && r <= '7' }

func (p *parser) hexadecimal() rune {
	r := p.read()
	if r == '{' && hexadecimal(p.peek()) >= 0 {
		return p.codePoint()
	}
	if high := hexadecimal(r); high >= 0 {
		if low := hexadecimal(p.read()); low >= 0 {
			return high<<4 + low
		}
	}
	p.fail("Illegal hexadecimal escape sequence")
	return 0
}

// codePoint reads \x{…} after its brace.
func (p *parser) codePoint() rune {
	found := rune(0)
	r := p.read()
	for ; hexadecimal(r) >= 0; r = p.read() {
		if found = found<<4 + hexadecimal(r); found > last {
			p.fail("Hexadecimal codepoint is too big")
		}
	}
	if r != '}' {
		p.fail("Unclosed hexadecimal escape sequence")
	}
	return p.scalar(found)
}

func (p *parser) utf16() rune {
	found := p.unit()
	if utf16.IsSurrogate(found) && string(p.text[p.at:p.at+2]) == `\u` {
		p.at += 2
		found = utf16.DecodeRune(found, p.unit())
		if found == '\uFFFD' {
			unsupported("half a pair of surrogates")
		}
	}
	return p.scalar(found)
}

func (p *parser) scalar(r rune) rune {
	if utf16.IsSurrogate(r) {
		unsupported("half a pair of surrogates")
	}
	return r
}

// unit reads four hexadecimal digits.
func (p *parser) unit() rune {
	found := rune(0)
	for range 4 {
		digit := hexadecimal(p.read())
		if digit < 0 {
			p.fail("Illegal Unicode escape sequence")
		}
		found = found<<4 + digit
	}
	return found
}

// hexadecimal is the value of a digit, -1 for another rune.
func hexadecimal(r rune) rune {
	return rune(strings.IndexRune("0123456789abcdef", unicode.ToLower(r)))
}
