// Package schema reads JSON request bodies the way the real server does: which values it coerces, which it refuses,
// and with which messages.
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
	TextMap // an object with any keys, whose values are text
	Enum
	Part // an object
	PartList
	Free // any object
)

// Rule says whether a field may be left out.
type Rule int

// The rules of the server's bean validation.
const (
	Optional Rule = iota
	NotNull
	NotEmpty
	NotBlank
)

// Check looks at a value that is not null and answers with a message when it does not like it.
type Check func(value any) string

// Field describes one field of a JSON object.
type Field struct {
	Name     string
	Kind     Kind
	Rule     Rule
	Missing  string // message for a missing value; empty: the usual one
	Enum     []string
	Numbers  []string // what its numbers stand for; empty: the values in the order of Enum
	Set      bool     // of a list, which the server keeps as a set
	Class    string   // Java class of an enum: part of its error message
	Part     *Object
	Checks   []Check
	Since    int // first minor version of the server that knows the field
	Until    int // first minor version that does not know it any more; 0: none
	Secret   bool
	KeepNull bool // null is not the same as nothing: it is kept as nil

	RuleUntil int // first minor version that lets it be left out; 0: none
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

// Without returns a copy that lacks the fields which a server of the given minor version does not know.
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

// NameMessage is what the server says about a malformed name.
const NameMessage = "Only letters, digits, underscores(_), hyphens(-), and dots(.) are allowed and may not start with underscore or dot."

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9\-][a-zA-Z0-9_\-.]*$`)

// IsName tells whether a text is a well-formed name.
func IsName(text string) bool { return namePattern.MatchString(text) }
