package schema

import (
	"bytes"
	"encoding/json"
	"io"
)

// object is a JSON object that keeps the order of its members, since the error is about the first invalid one.
type object struct {
	names   []string
	members map[string]any
}

// parse reads one JSON value; nil stands for null and for an empty body.
func parse(body []byte) (any, error) {
	var whole json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&whole); err == io.EOF {
		return nil, nil
	} else if err != nil {
		return nil, &Malformed{Reason: err.Error()}
	}
	decoder := json.NewDecoder(bytes.NewReader(whole))
	decoder.UseNumber()
	return parseValue(decoder)
}

func parseValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	switch token {
	case json.Delim('['):
		return parseList(decoder)
	case json.Delim('{'):
		return parseObject(decoder)
	}
	return token, err
}

func parseList(decoder *json.Decoder) (any, error) {
	list := []any{}
	for decoder.More() {
		element, err := parseValue(decoder)
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	_, err := decoder.Token()
	return list, err
}

func parseObject(decoder *json.Decoder) (any, error) {
	parsed := &object{members: map[string]any{}}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseValue(decoder)
		if err != nil {
			return nil, err
		}
		parsed.names = append(parsed.names, name.(string))
		parsed.members[name.(string)] = value
	}
	_, err := decoder.Token()
	return parsed, err
}

// values converts the object to the types of Values.
func (o *object) values() Values {
	values := Values{}
	for name, member := range o.members {
		values[name] = valueOf(member)
	}
	return values
}

func valueOf(raw any) any {
	switch value := raw.(type) {
	case *object:
		return value.values()
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = valueOf(element)
		}
		return list
	}
	return restore(raw)
}
