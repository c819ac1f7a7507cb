package javaregex

import (
	"fmt"
	"math"
)

// repetition is how often something may come, and as what the engine writes that.
type repetition struct {
	engine string
	most   int // unbounded: math.MaxInt32
}

// repeated reads what repeats the piece, if anything does.
func (p *parser) repeated(repeated piece) string {
	var times repetition
	switch p.peek() {
	case '?':
		times = repetition{"?", 1}
	case '*':
		times = repetition{"*", math.MaxInt32}
	case '+':
		times = repetition{"+", math.MaxInt32}
	case '{':
		times = p.counted()
	default:
		return repeated.engine
	}
	p.at++
	engine := repeated.grouped() + times.engine
	switch p.peek() {
	case '?':
		p.at++
		p.noteRepetition(repeated.single, times.most, false)
		return engine + "?"
	case '+':
		p.at++
		p.noteRepetition(repeated.single, times.most, false)
		return "(?>" + engine + ")"
	}
	p.noteRepetition(repeated.single, times.most, true)
	return engine
}

// grouped is the piece as something that can be repeated; Java does not go back into a line break that is.
func (p piece) grouped() string {
	if p.engine == lineBreak {
		return "(?>" + lineBreak + ")"
	}
	return "(?:" + p.engine + ")"
}

// noteRepetition keeps what matters to the look-behind around it.
func (p *parser) noteRepetition(single bool, most int, greedy bool) {
	unbounded := most == math.MaxInt32
	if unbounded {
		p.behind.unbounded++
	}
	switch {
	case most == 1:
	case !single:
		p.behind.unclear = "a group that is repeated"
	case unbounded && !greedy, p.behind.unbounded > 1, p.behind.unbounded == 1 && !unbounded:
		p.behind.unclear = "a repetition without an end"
	}
}

// counted reads {n}, {n,} or {n,m} up to its closing brace.
func (p *parser) counted() repetition {
	r := p.skip()
	if !isDigit(r) {
		p.fail("Illegal repetition")
	}
	least, r := p.number(r)
	most := least
	if r == ',' {
		if r = p.read(); r == '}' {
			p.at--
			return repetition{fmt.Sprintf("{%d,}", least), math.MaxInt32}
		}
		most, r = p.number(r)
	}
	if r != '}' {
		p.fail("Unclosed counted closure")
	}
	if most < least {
		p.fail("Illegal repetition range")
	}
	p.at--
	return repetition{fmt.Sprintf("{%d,%d}", least, most), most}
}

// number reads the number that begins with the rune, and the rune after it.
func (p *parser) number(r rune) (int, rune) {
	found := 0
	for ; isDigit(r); r = p.read() {
		if found = found*10 + int(r-'0'); found > math.MaxInt32 {
			p.fail("Illegal repetition range")
		}
	}
	return found, r
}
