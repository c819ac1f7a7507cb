package schema

import (
	"bytes"
	"encoding/json"
)

// UnmarshalJSON restores stored values with the types of Decode.
func (v *Values) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var raw map[string]any
	if err := decoder.Decode(&raw); err != nil {
		return err
	}
	if raw == nil {
		*v = nil
		return nil
	}
	*v = restore(raw).(Values)
	return nil
}

func restore(raw any) any {
	switch value := raw.(type) {
	case map[string]any:
		values := Values{}
		for name, member := range value {
			values[name] = restore(member)
		}
		return values
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = restore(element)
		}
		return list
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return n
		}
		f, _ := value.Float64()
		return f
	}
	return raw
}
