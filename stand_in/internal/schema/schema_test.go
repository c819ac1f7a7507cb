package schema

import (
	"errors"
	"reflect"
	"testing"
)

var sample = &Object{Class: "org.example.Sample", Fields: []Field{
	{Name: "name", Rule: NotEmpty, Checks: []Check{WellFormedName}},
	{Name: "online", Kind: Bool, Rule: NotNull},
	{Name: "plain", Kind: PrimitiveBool},
	{Name: "age", Kind: Int, Checks: []Check{Between(0, 10)}},
	{Name: "members", Kind: TextList},
	{Name: "mode", Kind: Enum, Class: "org.example.Mode", Enum: []string{"ALLOW", "BLOCK"}},
	{Name: "part", Kind: Part, Part: &Object{Class: "org.example.Part", Fields: []Field{{Name: "size", Kind: Long, Rule: NotNull}}}},
	{Name: "recent", Since: 90},
}}

func TestDecodeCoerces(t *testing.T) {
	values, err := Decode([]byte(`{"name": 5, "online": "true", "age": 1.7, "members": ["a", null], "mode": "allow", "unknown": 1}`), sample)
	if err != nil {
		t.Fatal(err)
	}
	want := Values{"name": "5", "online": true, "plain": false, "age": int64(1), "members": []any{"a", nil}, "mode": "ALLOW"}
	if !reflect.DeepEqual(values, want) {
		t.Errorf("got %#v, want %#v", values, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for body, want := range map[string][]Violation{
		`[]`: {},
		`{"part": {"size": "x"}}`: {
			{"part", "Cannot deserialize value of type `java.lang.Long` from String \"x\": not a valid `java.lang.Long` value"},
			{"size", "Cannot deserialize value of type `java.lang.Long` from String \"x\": not a valid `java.lang.Long` value"}},
		`{"age": 10000000000}`: {{"age", "Numeric value (10000000000) out of range of int (-2147483648 - 2147483647)"}},
		`{"part": []}`:         {{"part", "Cannot deserialize value of type `org.example.Part` from Array value (token `JsonToken.START_ARRAY`)"}},
		`{"mode": "FOO"}`:      {{"mode", "Cannot deserialize value of type `org.example.Mode` from String \"FOO\": not one of the values accepted for Enum class: [ALLOW, BLOCK]"}},
	} {
		_, err := Decode([]byte(body), sample)
		var mismatch *Mismatch
		if !errors.As(err, &mismatch) || !reflect.DeepEqual(mismatch.Violations, want) {
			t.Errorf("%s: got %v, want %v", body, err, want)
		}
	}
}

func TestDecodeDistinguishesMalformedFromEmpty(t *testing.T) {
	var malformed *Malformed
	if _, err := Decode([]byte(`{`), sample); !errors.As(err, &malformed) {
		t.Errorf("got %v", err)
	}
	for _, body := range []string{"", "null"} {
		if values, err := Decode([]byte(body), sample); values != nil || err != nil {
			t.Errorf("%q: got %v, %v", body, values, err)
		}
	}
}

func TestValidateNamesEveryFault(t *testing.T) {
	found := Validate(Values{"name": "", "age": int64(11), "part": Values{}}, sample)
	want := []Violation{
		{"PARAMETER name", "must not be empty"}, {"PARAMETER name", NameMessage}, {"PARAMETER online", "must not be null"},
		{"PARAMETER age", "must be less than or equal to 10"}, {"PARAMETER size", "must not be null"},
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
}

func TestWithoutDropsNewerFields(t *testing.T) {
	has := func(minor int) bool {
		fields := sample.Without(minor).Fields
		return fields[len(fields)-1].Name == "recent"
	}
	if has(89) || !has(90) {
		t.Error("the field exists since 90")
	}
}
