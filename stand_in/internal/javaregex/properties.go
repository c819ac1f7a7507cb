package javaregex

import (
	"strings"
	"unicode"
)

var (
	digits     = of(span{'0', '9'})
	word       = of(span{'0', '9'}, span{'A', 'Z'}, span{'_', '_'}, span{'a', 'z'})
	blank      = ofRunes("\t\n\v\f\r ")
	horizontal = of(span{'\t', '\t'}, span{' ', ' '}, span{0xa0, 0xa0}, span{0x1680, 0x1680}, span{0x180e, 0x180e},
		span{0x2000, 0x200a}, span{0x202f, 0x202f}, span{0x205f, 0x205f}, span{0x3000, 0x3000})
	vertical    = of(span{'\n', '\r'}, span{0x85, 0x85}, span{0x2028, 0x2029})
	terminators = ofRunes("\n\r\u0085\u2028\u2029")
)

// wordLike are the runes between which \b of Java 17 sees no boundary; from Java 19 on they are \w.
func wordLike() set { return ofTables(unicode.L, unicode.Nd).union(of(span{'_', '_'})) }

// predefined are the classes that are a letter after a backslash; a capital one is the complement.
var predefined = map[rune]set{'d': digits, 'h': horizontal, 's': blank, 'v': vertical, 'w': word}

// posix are the classes of POSIX, in US-ASCII.
var posix = map[string]set{
	"Lower": of(span{'a', 'z'}), "Upper": of(span{'A', 'Z'}), "ASCII": of(span{0, 0x7f}), "Alpha": of(span{'A', 'Z'}, span{'a', 'z'}),
	"Digit": digits, "Alnum": of(span{'0', '9'}, span{'A', 'Z'}, span{'a', 'z'}),
	"Punct": of(span{'!', '/'}, span{':', '@'}, span{'[', '`'}, span{'{', '~'}), "Graph": of(span{'!', '~'}), "Print": of(span{' ', '~'}),
	"Blank": ofRunes(" \t"), "Cntrl": of(span{0, 0x1f}, span{0x7f, 0x7f}), "XDigit": of(span{'0', '9'}, span{'A', 'F'}, span{'a', 'f'}), "Space": blank,
}

// cased are the categories of one case; with (?i) they have all of them.
var cased = map[string]bool{"Lu": true, "Ll": true, "Lt": true}

// property is the set of \p{name}; false if Java has no such property.
func property(name string, ignoreCase bool) (set, bool) {
	switch {
	case strings.Contains(name, "="):
		return keyedProperty(name, ignoreCase)
	case strings.HasPrefix(name, "Is"):
		if found, is := category(name[2:], ignoreCase); is {
			return found, true
		}
		return script(name[2:]), true
	case strings.HasPrefix(name, "In") || strings.HasPrefix(name, "java"):
		unsupported(`\p{%s}`, name)
	}
	if found, is := posix[name]; is {
		if ignoreCase {
			found = found.folded()
		}
		return found, true
	}
	return category(name, ignoreCase)
}

// keyedProperty is the set of \p{key=value}.
func keyedProperty(name string, ignoreCase bool) (set, bool) {
	key, value, _ := strings.Cut(name, "=")
	switch strings.ToLower(key) {
	case "gc", "general_category":
		return category(value, ignoreCase)
	case "sc", "script":
		return script(value), true
	case "blk", "block":
		unsupported(`\p{%s}`, name)
	}
	return nil, false
}

func script(name string) set {
	for each, table := range unicode.Scripts {
		if strings.EqualFold(each, name) {
			return ofTables(table)
		}
	}
	unsupported("the script or property %s", name)
	return nil
}

func category(name string, ignoreCase bool) (set, bool) {
	switch name {
	case "LC":
		return ofTables(unicode.Lu, unicode.Ll, unicode.Lt), true
	case "LD":
		return ofTables(unicode.L, unicode.Nd), true
	case "L1":
		return of(span{0, 0xff}), true
	case "all":
		return of(span{0, last}), true
	case "Cn":
		return assigned().negated(), true
	case "C":
		return ofTables(unicode.C).union(assigned().negated()), true
	}
	if cased[name] && ignoreCase {
		return ofTables(unicode.Lu, unicode.Ll, unicode.Lt), true
	}
	table, is := unicode.Categories[name]
	if !is || len(name) > 2 {
		return nil, false
	}
	return ofTables(table), true
}

func assigned() set {
	return ofTables(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}
