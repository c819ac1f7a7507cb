package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Values is a decoded object: text as string, numbers as int64, lists as []any of string and nil, parts as Values.
type Values map[string]any

// Malformed means that a body is not JSON.
type Malformed struct{ Reason string }

func (m *Malformed) Error() string { return m.Reason }

// Mismatch means that a value cannot be converted to the type of its field. It has one violation for each level of the path.
type Mismatch struct{ Violations []Violation }

func (m *Mismatch) Error() string { return fmt.Sprint(m.Violations) }

// Decode decodes a body. It returns nil for an empty body and for null.
func Decode(body []byte, kind *Object) (Values, error) {
	raw, err := parse(body)
	if err != nil || raw == nil {
		return nil, err
	}
	sent, ok := raw.(*object)
	if !ok {
		return nil, &Mismatch{Violations: []Violation{}}
	}
	values, mismatch := decodeObject(sent, kind)
	if mismatch != nil {
		return nil, mismatch
	}
	return values, nil
}

func decodeObject(sent *object, kind *Object) (Values, *Mismatch) {
	values, fields := Values{}, map[string]*Field{}
	for i := range kind.Fields {
		field := &kind.Fields[i]
		fields[field.Name] = field
		if field.Kind == PrimitiveBool {
			values[field.Name] = false
		}
	}
	for _, name := range sent.names {
		field, raw := fields[name], sent.members[name]
		if field == nil || raw == nil {
			if field != nil && field.KeepNull {
				values[name] = nil
			}
			continue
		}
		value, mismatch := decodeField(raw, field)
		if mismatch != nil {
			return nil, mismatch.below(name)
		}
		if value != nil {
			values[name] = value
		}
	}
	return values, nil
}

func decodeField(raw any, field *Field) (any, *Mismatch) {
	switch field.Kind {
	case Text:
		return decodeText(raw)
	case Bool, PrimitiveBool:
		return decodeBool(raw, field.Kind == PrimitiveBool)
	case Int:
		return decodeInteger(raw, "java.lang.Integer", "int", math.MinInt32, math.MaxInt32)
	case Long:
		return decodeInteger(raw, "java.lang.Long", "long", math.MinInt64, math.MaxInt64)
	case Enum:
		return decodeEnum(raw, field)
	case TextList, IntList, EnumList, PartList:
		return decodeList(raw, field)
	case TextMap:
		return decodeMap(raw)
	case Free:
		return decodeFree(raw)
	}
	return decodePart(raw, field.Part)
}

func decodeText(raw any) (any, *Mismatch) {
	switch value := raw.(type) {
	case string:
		return value, nil
	case json.Number:
		return value.String(), nil
	case bool:
		return strconv.FormatBool(value), nil
	}
	return nil, cannotDeserialize("java.lang.String", fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

func decodeBool(raw any, primitive bool) (any, *Mismatch) {
	switch value := raw.(type) {
	case bool:
		return value, nil
	case json.Number:
		if isInteger(value) {
			return strings.Trim(value.String(), "-0") != "", nil
		}
	case string:
		switch value {
		case "true", "True", "TRUE":
			return true, nil
		case "false", "False", "FALSE":
			return false, nil
		}
		if isBlankText(raw) {
			return nil, nil
		}
		if primitive {
			return nil, cannotDeserialize("boolean", fmt.Sprintf("String %q: only \"true\"/\"True\"/\"TRUE\" or \"false\"/\"False\"/\"FALSE\" recognized", value))
		}
		return nil, cannotDeserialize("java.lang.Boolean", fmt.Sprintf("String %q: only \"true\" or \"false\" recognized", value))
	}
	return nil, cannotDeserialize("java.lang.Boolean", fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

func decodeInteger(raw any, class, name string, lowest, highest int64) (any, *Mismatch) {
	var text string
	switch value := raw.(type) {
	case json.Number:
		text = value.String()
	case string:
		if isBlankText(raw) {
			return nil, nil
		}
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return nil, cannotDeserialize(class, fmt.Sprintf("String %q: not a valid `%s` value", value, class))
		}
		if n, _ := strconv.ParseInt(value, 10, 64); n < lowest || n > highest {
			return nil, cannotDeserialize(class, fmt.Sprintf("String %q: Overflow: numeric value (%s) out of range of `%s` (%d -%d)", value, value, class, lowest, highest))
		}
		text = value
	default:
		return nil, cannotDeserialize(class, fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= lowest && n <= highest {
		return n, nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f > float64(lowest) && f < float64(highest) {
		return int64(f), nil
	}
	return nil, mismatch(fmt.Sprintf("Numeric value (%s) out of range of %s (%d - %d)", text, name, lowest, highest))
}

func decodeEnum(raw any, field *Field) (any, *Mismatch) {
	if number, isNumber := raw.(json.Number); isNumber {
		return decodeIndex(number, field)
	}
	text, isText := raw.(string)
	if !isText {
		return nil, cannotDeserialize(field.Class, fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
	}
	if isBlankText(raw) {
		return nil, cannotCoerce("`" + field.Class + "` value")
	}
	for _, known := range field.Enum {
		if strings.EqualFold(text, known) {
			return known, nil
		}
	}
	if index, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && index >= 0 && index < len(field.Enum) &&
		strconv.Itoa(index) == strings.TrimSpace(text) {
		return field.numbered()[index], nil
	}
	return nil, cannotDeserialize(field.Class, fmt.Sprintf("String %q: not one of the values accepted for Enum class: [%s]", text, strings.Join(field.Enum, ", ")))
}

// decodeIndex converts the number of an enum value to the value.
func decodeIndex(number json.Number, field *Field) (any, *Mismatch) {
	index, err := number.Int64()
	switch {
	case isInteger(number) && (err != nil || index < math.MinInt32 || index > math.MaxInt32):
		return nil, mismatch(fmt.Sprintf("Numeric value (%s) out of range of int (%d - %d)", number, math.MinInt32, math.MaxInt32))
	case err != nil:
		return nil, cannotDeserialize(field.Class, fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(number)...))
	case index < 0 || index >= int64(len(field.Enum)):
		return nil, cannotDeserialize(field.Class, fmt.Sprintf("number %d: index value outside legal index range [0..%d]", index, len(field.Enum)-1))
	}
	return field.numbered()[index], nil
}

func decodeList(raw any, field *Field) (any, *Mismatch) {
	elements, ok := raw.([]any)
	if !ok {
		return nil, notAList(raw, field)
	}
	list := make([]any, 0, len(elements))
	for _, element := range elements {
		if element == nil {
			list = append(list, nil)
			continue
		}
		decode := func() (any, *Mismatch) { return decodeText(element) }
		switch field.Kind {
		case EnumList:
			decode = func() (any, *Mismatch) { return decodeEnum(element, field) }
		case PartList:
			decode = func() (any, *Mismatch) { return decodePart(element, field.Part) }
		case IntList:
			decode = func() (any, *Mismatch) {
				return decodeInteger(element, "java.lang.Integer", "int", math.MinInt32, math.MaxInt32)
			}
		}
		value, mismatch := decode()
		if mismatch != nil {
			mismatch.Violations = append(mismatch.Violations, Violation{ID: "*", Message: mismatch.Violations[0].Message})
			mismatch.Violations = mismatch.Violations[1:]
			return nil, mismatch
		}
		list = append(list, value)
	}
	return list, nil
}

func decodeMap(raw any) (any, *Mismatch) {
	sent, ok := raw.(*object)
	if !ok {
		return nil, cannotDeserialize("java.util.LinkedHashMap<java.lang.String,java.lang.String>",
			fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
	}
	values := Values{}
	for name, member := range sent.members {
		if member == nil {
			values[name] = nil
			continue
		}
		text, mismatch := decodeText(member)
		if mismatch != nil {
			return nil, mismatch.below(name)
		}
		values[name] = text
	}
	return values, nil
}

func decodeFree(raw any) (any, *Mismatch) {
	if sent, ok := raw.(*object); ok {
		return sent.values(), nil
	}
	return nil, cannotDeserialize("java.util.LinkedHashMap<java.lang.String,java.lang.Object>",
		fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

func notAList(raw any, field *Field) *Mismatch {
	list, element := "java.util.ArrayList", "java.lang.String"
	if field.Set {
		list = "java.util.HashSet"
	}
	if field.Kind == EnumList {
		element = field.Class
	} else if isBlankText(raw) {
		return cannotCoerce("element of `" + list + "`")
	} else if text, isText := raw.(string); isText {
		return cannotConstruct(list, text)
	}
	return cannotDeserialize(list+"<"+element+">", fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

func decodePart(raw any, part *Object) (any, *Mismatch) {
	switch value := raw.(type) {
	case *object:
		values, mismatch := decodeObject(value, part)
		if mismatch != nil {
			return nil, mismatch
		}
		return values, nil
	case string:
		if isBlankText(raw) {
			return nil, cannotCoerce("`" + part.Class + "` value")
		}
		return nil, cannotConstruct(part.Class, value)
	case json.Number:
		kind := numberKind(value)
		return nil, mismatch(fmt.Sprintf("Cannot construct instance of `%s` (although at least one Creator exists): no %s-argument constructor/factory method to deserialize from Number value (%s)", part.Class, kind, value))
	case bool:
		return nil, mismatch(fmt.Sprintf("Cannot construct instance of `%s` (although at least one Creator exists): no boolean/Boolean-argument constructor/factory method to deserialize from boolean value (%t)", part.Class, value))
	}
	return nil, cannotDeserialize(part.Class, fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

// numberKind is the smallest Java type for a number, as in the error about a missing constructor.
func numberKind(number json.Number) string {
	switch n, err := number.Int64(); {
	case !isInteger(number):
		return "double/Double"
	case err != nil:
		return "BigInteger"
	case n < math.MinInt32 || n > math.MaxInt32:
		return "long/Long"
	}
	return "int/Int"
}

func isInteger(number json.Number) bool { return !strings.ContainsAny(number.String(), ".eE") }
