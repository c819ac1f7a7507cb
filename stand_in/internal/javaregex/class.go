package javaregex

import "strings"

// joined is what has been read of a character class. Java keeps single runes below 256 apart, and joins them to the rest
// at the end or before an intersection; after several intersections all of them come again.
type joined struct {
	set     set
	latest  set // the last part; nil: a rune that is kept apart
	any     bool
	low     set
	pending bool // low has runes that are not in set
}

func (j *joined) add(more set) { j.set, j.latest, j.any = j.set.union(more), more, true }

func (j *joined) addLow(more set) { j.low, j.latest, j.pending = j.low.union(more), nil, true }

func (j *joined) joinLow() {
	if !j.pending {
		return
	}
	if !j.any {
		j.latest = j.low
	}
	j.set, j.any, j.pending = j.set.union(j.low), true, false
}

// class reads a character class up to its end, over which it goes if told.
func (p *parser) class(overItsEnd bool) set {
	var found joined
	p.at++
	negated := p.peek() == '^' && p.text[p.at-1] == '['
	if negated {
		p.at++
	}
	for {
		switch r := p.peek(); {
		case r == '[':
			found.add(p.class(true))
		case r == '&' && p.text[p.at+1] == '&':
			p.intersect(&found)
		case p.ended():
			p.fail("Unclosed character class")
		case r == ']' && (found.any || found.pending):
			if overItsEnd {
				p.at++
			}
			found.joinLow()
			if negated {
				return found.set.negated()
			}
			return found.set
		default:
			p.addItem(&found)
		}
	}
}

func (p *parser) addItem(to *joined) {
	item, single := p.classItem()
	if single && item[0].from < 256 {
		to.addLow(p.cased(item))
	} else {
		to.add(p.cased(item))
	}
}

// intersect reads && and what is right of it. If nothing is, Java takes what came last on the left.
func (p *parser) intersect(left *joined) {
	p.at += 2
	right, given := p.intersected()
	left.joinLow()
	if given {
		left.latest = right
	}
	switch {
	case !left.any && !given:
		p.fail("Bad class syntax")
	case !left.any:
		left.set, left.any = right, true
	case left.latest == nil:
		unsupported("an intersection with nothing")
	default:
		left.set = left.set.and(left.latest)
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
