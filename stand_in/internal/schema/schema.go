// Package schema decodes and validates JSON request bodies like the real server, with its coercions and error messages.
package schema

import "regexp"

// Kind is the type of a field.
type Kind int

// The kinds of fields.
const (
	Text Kind = iota
	Bool
	PrimitiveBool // null and absent become false
	Int
	Long
	TextList
	IntList
	EnumList
	TextMap // an object with any keys and text values
	Enum
	Part // an object
	PartList
	Free // any object
)

// Rule is a rule about absent and empty values.
type Rule int

// The rules of the server's bean validation.
const (
	Optional Rule = iota
	NotNull
	NotEmpty
	NotBlank
)

// Check validates a value that is not null; it returns a message, or "" if the value is valid.
type Check func(value any) string

// Field describes one field of a JSON object.
type Field struct {
	Name     string
	Kind     Kind
	Rule     Rule
	Missing  string // message for a missing value; empty: the default
	Enum     []string
	Numbers  []string // enum values by number; empty: the order of Enum
	Set      bool     // the server stores the list as a set
	Class    string   // Java class of an enum, for error messages
	Part     *Object
	Checks   []Check
	Since    int // first minor version of the server with the field
	Until    int // first minor version without it; 0: none
	Secret   bool
	KeepNull bool // null differs from absent: it is kept as nil

	RuleUntil int // first minor version that allows it to be absent; 0: none
}

func (f *Field) numbered() []string {
	if f.Numbers != nil {
		return f.Numbers
	}
	return f.Enum
}

// Object describes a JSON object.
type Object struct {
	Class  string
	Fields []Field
}

// Violation is one entry of the server's list of validation errors.
type Violation struct {
	ID      string `json:"id"`
	Message string `json:"message"`
}

// Without returns a copy with only the fields of a server of the given minor version.
func (o *Object) Without(minor int) *Object {
	known := &Object{Class: o.Class}
	for _, field := range o.Fields {
		if field.Since > minor || field.Until != 0 && minor >= field.Until {
			continue
		}
		if field.RuleUntil != 0 && minor >= field.RuleUntil {
			field.Rule = Optional
		}
		if field.Part != nil {
			field.Part = field.Part.Without(minor)
		}
		known.Fields = append(known.Fields, field)
	}
	return known
}

// NameMessage is the server's message about a malformed name.
const NameMessage = "Only letters, digits, underscores(_), hyphens(-), and dots(.) are allowed and may not start with underscore or dot."

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9\-][a-zA-Z0-9_\-.]*$`)

// IsName reports whether a text is a well-formed name.
func IsName(text string) bool { return namePattern.MatchString(text) }
