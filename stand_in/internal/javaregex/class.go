package javaregex

import "strings"

// class reads a character class up to its end, over which it goes if told. Java keeps the runes below 256 apart, and
// joins them to the rest at the end or before an intersection; of several intersections the later ones see them again.
func (p *parser) class(overItsEnd bool) set {
	var found, latest, low set
	anything, lowPending := false, false
	p.at++
	negated := p.peek() == '^' && p.text[p.at-1] == '['
	if negated {
		p.at++
	}
	add := func(more set) {
		found, latest, anything = found.union(more), more, true
	}
	for {
		switch r := p.peek(); {
		case r == '[':
			add(p.class(true))
			continue
		case r == '&' && p.text[p.at+1] == '&':
			p.at += 2
			right, given := p.intersected()
			if lowPending {
				if !anything {
					latest = low
				}
				found, anything, lowPending = found.union(low), true, false
			}
			if given {
				latest = right
			}
			switch {
			case anything && latest == nil:
				unsupported("an intersection with nothing")
			case anything:
				found = found.and(latest)
			case given:
				found, anything = right, true
			default:
				p.fail("Bad class syntax")
			}
			continue
		case p.ended():
			p.fail("Unclosed character class")
		case r == ']' && (anything || lowPending):
			if overItsEnd {
				p.at++
			}
			if lowPending {
				found = found.union(low)
			}
			if negated {
				return found.negated()
			}
			return found
		}
		more, single := p.classItem()
		if single && more[0].from < 256 {
			low, lowPending, latest = low.union(p.cased(more)), true, nil
		} else {
			add(p.cased(more))
		}
	}
}

// intersected reads what is right of &&; false if nothing is.
func (p *parser) intersected() (set, bool) {
	var right set
	given := false
	for r := p.peek(); r != ']' && r != '&'; r = p.peek() {
		switch {
		case r == '[' && given:
			right = right.union(p.class(true))
		case r == '[':
			right = p.class(true)
		default:
			p.at--
			right = p.class(false)
		}
		given = true
	}
	return right, given
}

// classItem reads a rune, a range or an escape of a class, and whether it is a single rune.
func (p *parser) classItem() (found set, single bool) {
	r := p.peek()
	if r == '\\' {
		p.at++
		if found, is := p.propertyHere(); is {
			return found, false
		}
		inRange := p.text[p.at+1] == '-'
		p.at--
		var class set
		if r, class = p.escape(inRange); class != nil {
			return class, false
		}
	} else {
		p.at++
	}
	if end := p.text[p.at+1]; p.peek() != '-' || end == '[' || end == ']' {
		return of(span{r, r}), true
	}
	p.at++
	end := p.rangeEnd()
	if end < r {
		p.fail("Illegal character range")
	}
	return of(span{r, end}), false
}

func (p *parser) rangeEnd() rune {
	if p.peek() == '\\' {
		end, _ := p.escape(true)
		return end
	}
	return p.read()
}

// propertyHere reads p{…}, P{…} or a p or P and one letter.
func (p *parser) propertyHere() (set, bool) {
	letter := p.peek()
	if letter != 'p' && letter != 'P' {
		return nil, false
	}
	p.at++
	name := ""
	if p.peek() == '{' {
		p.at++
		name = p.propertyName()
	} else {
		name = string(p.read())
	}
	found, known := property(name, p.flags.ignoreCase)
	switch key, value, is := strings.Cut(name, "="); {
	case known && letter == 'P':
		return found.negated(), true
	case known:
		return found, true
	case is:
		p.fail("Unknown Unicode property {name=<" + strings.ToLower(key) + ">, value=<" + value + ">}")
	default:
		p.fail("Unknown character property name {" + name + "}")
	}
	return nil, false
}

func (p *parser) propertyName() string {
	from := p.at
	for p.at < p.length && p.peek() != '}' {
		p.at++
	}
	p.at++
	if p.at > p.length {
		p.fail("Unclosed character family")
	}
	if from+1 >= p.at {
		p.fail("Empty character family")
	}
	return string(p.text[from : p.at-1])
}
