package security

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"repository-store/nexus-stand-in/internal/javaregex"
)

// expression is a parsed content selector expression.
type expression interface {
	matches(format, path string) bool
}

type comparison struct {
	identifier, operator, value string
	pattern                     *javaregex.Pattern
}

type junction struct {
	and         bool
	left, right expression
}

func (c comparison) matches(format, path string) bool {
	actual := format
	if c.identifier == "path" {
		actual = path
	}
	switch c.operator {
	case "==":
		return actual == c.value
	case "!=":
		return actual != c.value
	case "=^":
		return strings.HasPrefix(actual, c.value)
	}
	return c.pattern.Matches(actual)
}

func (j junction) matches(format, path string) bool {
	if j.and {
		return j.left.matches(format, path) && j.right.matches(format, path)
	}
	return j.left.matches(format, path) || j.right.matches(format, path)
}

var cselTokens = regexp.MustCompile(`\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|==|!=|=~|=\^|&&|\|\||\(|\)|[A-Za-z_][\w.]*)`)

type cselParser struct {
	tokens   []string
	position int
}

func parseExpression(text string) (expression, error) {
	parser := &cselParser{}
	rest := text
	for strings.TrimSpace(rest) != "" {
		match := cselTokens.FindStringSubmatchIndex(rest)
		if match == nil || match[0] != 0 {
			return nil, fmt.Errorf("unexpected %q", strings.TrimSpace(rest))
		}
		parser.tokens = append(parser.tokens, rest[match[2]:match[3]])
		rest = rest[match[1]:]
	}
	parsed, err := parser.or()
	if err == nil && parser.position < len(parser.tokens) {
		err = fmt.Errorf("unexpected %q", parser.next())
	}
	return parsed, err
}

func (p *cselParser) peek() string {
	if p.position < len(p.tokens) {
		return p.tokens[p.position]
	}
	return ""
}

func (p *cselParser) next() string {
	token := p.peek()
	p.position++
	return token
}

var joints = []string{"or", "||", "and", "&&"}

func (p *cselParser) or() (expression, error) {
	return p.joined(false, []string{"or", "||"}, func() (expression, error) {
		return p.joined(true, []string{"and", "&&"}, p.primary)
	})
}

func (p *cselParser) joined(and bool, words []string, operand func() (expression, error)) (expression, error) {
	left, err := operand()
	for err == nil && has(words, strings.ToLower(p.peek())) {
		p.next()
		var right expression
		if right, err = operand(); err == nil {
			left = junction{and: and, left: left, right: right}
		}
	}
	return left, err
}

func (p *cselParser) primary() (expression, error) {
	token := p.next()
	if token == "(" {
		inner, err := p.or()
		if err == nil && p.next() != ")" {
			err = fmt.Errorf("missing )")
		}
		return inner, err
	}
	if token != "format" && token != "path" {
		return nil, fmt.Errorf("unknown identifier %q (format and path are known)", token)
	}
	if following := p.peek(); following == "" || following == ")" || has(joints, strings.ToLower(following)) {
		return comparison{identifier: token, operator: "!="}, nil // an identifier alone is true unless it is empty
	}
	c := comparison{identifier: token, operator: p.next()}
	if !has([]string{"==", "!=", "=^", "=~"}, c.operator) {
		return nil, fmt.Errorf("unexpected %q after %s", c.operator, token)
	}
	literal := p.next()
	if len(literal) < 2 || literal[0] != '"' && literal[0] != '\'' {
		return nil, fmt.Errorf("%q is not a text", literal)
	}
	c.value = strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`).Replace(literal[1 : len(literal)-1])
	if c.operator == "=~" {
		pattern, err := javaregex.Compile(c.value)
		var refused *javaregex.SyntaxError
		if errors.As(err, &refused) {
			return nil, errors.New(refused.Description)
		}
		if err != nil {
			return nil, err
		}
		c.pattern = pattern
	}
	return c, nil
}
