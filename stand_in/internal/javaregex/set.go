package javaregex

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// set is the runes of a character class: ranges in order that neither touch nor overlap.
type set []span

type span struct{ from, to rune }

const last = unicode.MaxRune

func of(spans ...span) set {
	slices.SortFunc(spans, func(one, other span) int { return int(one.from) - int(other.from) })
	var found set
	for _, each := range spans {
		if end := len(found) - 1; end >= 0 && each.from <= found[end].to+1 {
			found[end].to = max(found[end].to, each.to)
		} else {
			found = append(found, each)
		}
	}
	return found
}

func ofRunes(runes string) set {
	var spans []span
	for _, r := range runes {
		spans = append(spans, span{r, r})
	}
	return of(spans...)
}

func ofTables(tables ...*unicode.RangeTable) set {
	var spans []span
	for _, table := range tables {
		for _, each := range table.R16 {
			spans = append(spans, stepped(rune(each.Lo), rune(each.Hi), rune(each.Stride))...)
		}
		for _, each := range table.R32 {
			spans = append(spans, stepped(rune(each.Lo), rune(each.Hi), rune(each.Stride))...)
		}
	}
	return of(spans...)
}

func stepped(from, to, by rune) []span {
	if by == 1 {
		return []span{{from, to}}
	}
	var found []span
	for r := from; r <= to; r += by {
		found = append(found, span{r, r})
	}
	return found
}

func (s set) union(other set) set { return of(append(slices.Clone(s), other...)...) }

func (s set) negated() set {
	var found set
	next := rune(0)
	for _, each := range s {
		if each.from > next {
			found = append(found, span{next, each.from - 1})
		}
		next = each.to + 1
	}
	if next <= last {
		found = append(found, span{next, last})
	}
	return found
}

func (s set) and(other set) set { return s.negated().union(other.negated()).negated() }

// folded adds the other case of the ASCII letters, which is all that (?i) means without (?u).
func (s set) folded() set {
	found := slices.Clone(s)
	for _, each := range s {
		for r := max(each.from, 'A'); r <= min(each.to, 'z'); r++ {
			if isLetter(r) {
				found = append(found, span{r ^ 0x20, r ^ 0x20})
			}
		}
	}
	return of(found...)
}

// String is the set as a class of the engine.
func (s set) String() string {
	if len(s) == 0 {
		return "(?!)"
	}
	var found strings.Builder
	found.WriteByte('[')
	for _, each := range s {
		found.WriteString(quoted(each.from))
		if each.to > each.from {
			found.WriteString("-" + quoted(each.to))
		}
	}
	found.WriteByte(']')
	return found.String()
}

// quoted is a rune for the engine, in a class or outside of one.
func quoted(r rune) string {
	if r > 0xffff || r < 0x80 && (isLetter(r) || isDigit(r)) {
		return string(r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
