package rest

import "testing"

// These are the answers of RegExp of lucene-core 5.5.2; that to "(" is in a recording of a real server too.
func TestLuceneRefusesExpressions(t *testing.T) {
	for expression, want := range map[string]string{
		"(":              "unexpected end-of-string",
		"[":              "unexpected end-of-string",
		"[a":             "expected ']' at position 2",
		"(a":             "expected ')' at position 2",
		"a)":             "end-of-string expected at position 1",
		"a|":             "unexpected end-of-string",
		"a{":             "integer expected at position 2",
		"a{,3}":          "integer expected at position 2",
		"a{1":            "expected '}' at position 3",
		"a{99999999999}": `For input string: "99999999999"`,
		`"a`:             `expected '"' at position 2`,
		"<1-a>":          "interval syntax error at position 4",
		"(?<=a)b":        "expected '>' at position 7",
		"[b-a]":          "invalid range: from (98) cannot be > to (97)",
		`\`:              "unexpected end-of-string",
		"(a|)":           "expected ')' at position 4",
		"a{1,":           "expected '}' at position 4",
		"<":              "expected '>' at position 1",
		"a&":             "unexpected end-of-string",
		"~":              "unexpected end-of-string",
		"((a)":           "expected ')' at position 4",
		"a||b":           "",
		"<a>":            "",
		`[\q]`:           "",
		"":               "",
		"*":              "",
		"a**":            "",
		"a{2}{3}":        "",
		`^(?!/secret).*`: "",
		`.*\.jar`:        "",
		`\d+`:            "",
		"[^a-z]":         "",
		"[]]":            "",
		"()":             "",
		"<1-2>@#~a&b":    "",
	} {
		if got := luceneFault(expression); got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}
