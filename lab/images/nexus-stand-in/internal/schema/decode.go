package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Values is a decoded object: text is string, numbers are int64, lists are []any of string and nil, parts are Values.
type Values map[string]any

// Malformed says that a body is no JSON at all.
type Malformed struct{ Reason string }

func (m *Malformed) Error() string { return m.Reason }

// Mismatch says that a value cannot become what the field holds. It has one violation for each level of the path.
type Mismatch struct{ Violations []Violation }

func (m *Mismatch) Error() string { return fmt.Sprint(m.Violations) }

// Decode reads a body. The answer is nil for an empty body and for null.
func Decode(body []byte, object *Object) (Values, error) {
	raw, err := parse(body)
	if err != nil || raw == nil {
		return nil, err
	}
	members, ok := raw.(map[string]any)
	if !ok {
		return nil, &Mismatch{Violations: []Violation{}}
	}
	values, mismatch := decodeObject(members, object)
	if mismatch != nil {
		return nil, mismatch
	}
	return values, nil
}

func parse(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var raw any
	if err := decoder.Decode(&raw); err == io.EOF {
		return nil, nil
	} else if err != nil {
		return nil, &Malformed{Reason: err.Error()}
	}
	return raw, nil
}

func decodeObject(members map[string]any, object *Object) (Values, *Mismatch) {
	values := Values{}
	for i := range object.Fields {
		field := &object.Fields[i]
		raw, present := members[field.Name]
		if !present || raw == nil {
			if field.Kind == PrimitiveBool {
				values[field.Name] = false
			}
			continue
		}
		value, mismatch := decodeField(raw, field)
		if mismatch != nil {
			return nil, mismatch.below(field.Name)
		}
		if value != nil {
			values[field.Name] = value
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
		if n, err := value.Int64(); err == nil {
			return n != 0, nil
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
	return nil, cannotDeserialize(field.Class, fmt.Sprintf("String %q: not one of the values accepted for Enum class: [%s]", text, strings.Join(field.Enum, ", ")))
}

// decodeIndex takes the number of a value for the value itself.
func decodeIndex(number json.Number, field *Field) (any, *Mismatch) {
	index, err := number.Int64()
	switch {
	case err != nil:
		return nil, cannotDeserialize(field.Class, fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(number)...))
	case index < 0 || index >= int64(len(field.Enum)):
		return nil, cannotDeserialize(field.Class, fmt.Sprintf("number %d: index value outside legal index range [0..%d]", index, len(field.Enum)-1))
	}
	return field.Enum[index], nil
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
	members, ok := raw.(map[string]any)
	if !ok {
		return nil, cannotDeserialize("java.util.LinkedHashMap<java.lang.String,java.lang.String>",
			fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
	}
	values := Values{}
	for name, member := range members {
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
	if members, ok := raw.(map[string]any); ok {
		return restore(members), nil
	}
	return nil, cannotDeserialize("java.util.LinkedHashMap<java.lang.String,java.lang.Object>",
		fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

func notAList(raw any, field *Field) *Mismatch {
	text, isText := raw.(string)
	if isBlankText(raw) {
		return cannotCoerce("element of `java.util.ArrayList`")
	}
	if field.Kind == EnumList {
		return cannotDeserialize("java.util.ArrayList<"+field.Class+">", fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
	}
	if isText {
		return cannotConstruct("java.util.ArrayList", text)
	}
	return cannotDeserialize("java.util.ArrayList<java.lang.String>", fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}

func decodePart(raw any, part *Object) (any, *Mismatch) {
	switch value := raw.(type) {
	case map[string]any:
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
		kind := "int/Int"
		if strings.ContainsAny(value.String(), ".eE") {
			kind = "double/Double"
		}
		return nil, mismatch(fmt.Sprintf("Cannot construct instance of `%s` (although at least one Creator exists): no %s-argument constructor/factory method to deserialize from Number value (%s)", part.Class, kind, value))
	case bool:
		return nil, mismatch(fmt.Sprintf("Cannot construct instance of `%s` (although at least one Creator exists): no boolean/Boolean-argument constructor/factory method to deserialize from boolean value (%t)", part.Class, value))
	}
	return nil, cannotDeserialize(part.Class, fmt.Sprintf("%s value (token `JsonToken.%s`)", tokenOf(raw)...))
}
