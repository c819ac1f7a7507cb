package schema

import (
	"fmt"
	"regexp"
	"strings"
)

// Validate applies the rules and checks of an object and of its parts.
func Validate(values Values, object *Object) []Violation {
	var found []Violation
	for i := range object.Fields {
		field := &object.Fields[i]
		value := values[field.Name]
		found = append(found, violations(value, field)...)
		for _, part := range parts(value, field) {
			found = append(found, Validate(part, field.Part)...)
		}
	}
	return found
}

// parts returns the objects in a field: one, those of a list, or none.
func parts(value any, field *Field) []Values {
	if field.Part == nil {
		return nil
	}
	elements, isList := value.([]any)
	if !isList {
		elements = []any{value}
	}
	var found []Values
	for _, element := range elements {
		if part, ok := element.(Values); ok {
			found = append(found, part)
		}
	}
	return found
}

func violations(value any, field *Field) []Violation {
	var found []Violation
	add := func(message string) {
		found = append(found, Violation{ID: "PARAMETER " + field.Name, Message: message})
	}
	if message := missing(value, field.Rule); message != "" {
		if field.Missing != "" {
			message = field.Missing
		}
		add(message)
	}
	if value == nil {
		return found
	}
	for _, check := range field.Checks {
		if message := check(value); message != "" {
			add(message)
		}
	}
	return found
}

func missing(value any, rule Rule) string {
	switch {
	case rule == NotNull && value == nil:
		return "must not be null"
	case rule == NotEmpty && isEmpty(value):
		return "must not be empty"
	case rule == NotBlank && isBlank(value):
		return "must not be blank"
	}
	return ""
}

func isEmpty(value any) bool {
	switch typed := value.(type) {
	case nil:
		return true
	case string:
		return typed == ""
	case []any:
		return len(typed) == 0
	}
	return false
}

func isBlank(value any) bool {
	text, ok := value.(string)
	return value == nil || ok && strings.TrimSpace(text) == ""
}

// WellFormedName checks names.
func WellFormedName(value any) string {
	if text, ok := value.(string); ok && !IsName(text) {
		return NameMessage
	}
	return ""
}

// OneOf checks for one of several words.
func OneOf(words ...string) Check {
	return func(value any) string {
		for _, word := range words {
			if value == word {
				return ""
			}
		}
		return "must be one of " + strings.Join(words, ", ")
	}
}

// Between checks the range of a number.
func Between(lowest, highest int64) Check {
	return func(value any) string {
		switch n, ok := value.(int64); {
		case ok && n < lowest:
			return fmt.Sprintf("must be greater than or equal to %d", lowest)
		case ok && n > highest:
			return fmt.Sprintf("must be less than or equal to %d", highest)
		}
		return ""
	}
}

var mailPattern = regexp.MustCompile(`^[^\s@]+@[^\s@]+$`)

// MailAddress checks e-mail addresses.
func MailAddress(value any) string {
	if text, ok := value.(string); ok && text != "" && !mailPattern.MatchString(text) {
		return "must be a well-formed email address"
	}
	return ""
}

// String returns a text, or "" when it is absent.
func (v Values) String(name string) string {
	text, _ := v[name].(string)
	return text
}

// Bool returns a boolean, false when it is absent.
func (v Values) Bool(name string) bool {
	value, _ := v[name].(bool)
	return value
}

// Int returns a number, or 0 when it is absent.
func (v Values) Int(name string) int64 {
	number, _ := v[name].(int64)
	return number
}

// Part returns a nested object, or nil when it is absent.
func (v Values) Part(name string) Values {
	part, _ := v[name].(Values)
	return part
}

// Strings returns a list of texts; null elements are left out.
func (v Values) Strings(name string) []string {
	texts := []string{}
	list, _ := v[name].([]any)
	for _, element := range list {
		if text, ok := element.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
