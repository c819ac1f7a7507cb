package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

func mismatch(message string) *Mismatch {
	return &Mismatch{Violations: []Violation{{Message: message}}}
}

func cannotDeserialize(class, from string) *Mismatch {
	return mismatch(fmt.Sprintf("Cannot deserialize value of type `%s` from %s", class, from))
}

// cannotCoerce is the error about a blank text for a field of another type.
func cannotCoerce(what string) *Mismatch {
	return mismatch(fmt.Sprintf("Cannot coerce empty String (\"\") to %s (but could if coercion was enabled using `CoercionConfig`)", what))
}

func isBlankText(raw any) bool {
	text, isText := raw.(string)
	return isText && strings.TrimSpace(text) == ""
}

func cannotConstruct(class, text string) *Mismatch {
	return mismatch(fmt.Sprintf("Cannot construct instance of `%s` (although at least one Creator exists): "+
		"no String-argument constructor/factory method to deserialize from String value ('%s')", class, text))
}

// below prepends the name of the field to the path.
func (m *Mismatch) below(name string) *Mismatch {
	message := m.Violations[0].Message
	if m.Violations[0].ID == "" {
		m.Violations = m.Violations[1:]
	}
	m.Violations = append([]Violation{{ID: name, Message: message}}, m.Violations...)
	return m
}

// tokenOf names a JSON value in two ways, as the arguments of a format string.
func tokenOf(raw any) []any {
	switch value := raw.(type) {
	case *object:
		return []any{"Object", "START_OBJECT"}
	case []any:
		return []any{"Array", "START_ARRAY"}
	case string:
		return []any{"String", "VALUE_STRING"}
	case json.Number:
		if !isInteger(value) {
			return []any{"Floating-point", "VALUE_NUMBER_FLOAT"}
		}
		return []any{"Integer", "VALUE_NUMBER_INT"}
	case bool:
		if value {
			return []any{"Boolean", "VALUE_TRUE"}
		}
		return []any{"Boolean", "VALUE_FALSE"}
	}
	return []any{"null", "VALUE_NULL"}
}
