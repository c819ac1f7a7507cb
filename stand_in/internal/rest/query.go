package rest

import (
	"regexp"
	"slices"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
)

// term is a word with * and ?, or a phrase. Nothing else of Lucene's syntax has a meaning, except AND, OR and NOT.
type term struct {
	text   string
	phrase bool
	glob   *regexp.Regexp // nil without * and ?
}

func newTerm(text string, phrase bool) term {
	t := term{text: text, phrase: phrase}
	if !phrase && strings.ContainsAny(text, "*?") {
		pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(text))
		t.glob = regexp.MustCompile("(?s)^" + pattern + "$")
	}
	return t
}

func (t term) lower() term { return newTerm(strings.ToLower(t.text), t.phrase) }

// is reports whether a whole value is the term.
func (t term) is(value string) bool {
	if t.glob != nil {
		return t.glob.MatchString(value)
	}
	return value == t.text
}

// among reports whether one of the words is the term, or one of its words, or for phrases all of them in a row.
func (t term) among(words []string) bool {
	if t.glob != nil {
		return slices.ContainsFunc(words, t.is)
	}
	wanted := wordsOf(t.text)
	if !t.phrase {
		return slices.ContainsFunc(wanted, func(word string) bool { return slices.Contains(words, word) })
	}
	for i := range words {
		if len(wanted) > 0 && len(words)-i >= len(wanted) && slices.Equal(words[i:i+len(wanted)], wanted) {
			return true
		}
	}
	return false
}

// query is a query string as Lucene's classic parser understands it, with OR between words.
type query struct{ must, not, should []term }

func (q *query) matches(has func(term) bool) bool {
	if slices.ContainsFunc(q.not, has) || slices.ContainsFunc(q.must, func(t term) bool { return !has(t) }) {
		return false
	}
	return len(q.must) > 0 || len(q.should) == 0 || slices.ContainsFunc(q.should, has)
}

var (
	withPhrases    = regexp.MustCompile(`"[^"]*"|[^\s"]+`)
	withoutPhrases = regexp.MustCompile(`\S+`)
	invalidQuery   = &problem.Fault{Class: "java.lang.IllegalArgumentException", Message: "Invalid query"}
)

// parseQuery parses a query; quotes are only special in pairs.
func parseQuery(text string) (*query, error) {
	lexer := withPhrases
	if strings.Count(text, `"`)%2 != 0 {
		lexer = withoutPhrases
	}
	q, last, operator, negated := &query{}, (*[]term)(nil), "", false
	for _, word := range lexer.FindAllString(text, -1) {
		switch {
		case (word == "AND" || word == "OR") && last != nil && operator == "" && !negated:
			operator = word
			continue
		case word == "NOT" && !negated:
			negated = true
			continue
		case word == "AND" || word == "OR" || word == "NOT":
			return nil, invalidQuery
		}
		if operator == "AND" && last == &q.should { // it joins both sides
			q.must = append(q.must, q.should[len(q.should)-1])
			q.should = q.should[:len(q.should)-1]
		}
		last = &q.should
		if negated {
			last = &q.not
		} else if operator == "AND" {
			last = &q.must
		}
		phrase := lexer == withPhrases && word[0] == '"'
		if phrase {
			word = strings.Trim(word, `"`)
		}
		*last = append(*last, newTerm(word, phrase))
		operator, negated = "", false
	}
	if operator != "" || negated || last == nil {
		return nil, invalidQuery
	}
	return q, nil
}
