package npm

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func scanned(t *testing.T, input string, choose func([]string) edit) string {
	t.Helper()
	var out bytes.Buffer
	if err := scan(&out, strings.NewReader(input), choose); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestScanCopies(t *testing.T) {
	input := `{"a\"b":["x",{"c":"d\\"},1.5e3,true,null,[]],"e":{},"ü":"\u00fc{[\",:"}`
	var want, got any
	if err := json.Unmarshal([]byte(input), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(scanned(t, input, func([]string) edit { return edit{} })), &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestScanPassesTheKeysOfEveryString(t *testing.T) {
	var places []string
	scanned(t, `{"a":{"b":"1","c":["2",{"d":"3"}]},"e":"4"}`, func(keys []string) edit {
		places = append(places, strings.Join(keys, "."))
		return edit{}
	})
	if want := []string{"a.b", "a.c.", "a.c..d", "e"}; !reflect.DeepEqual(places, want) {
		t.Fatalf("places %v, want %v", places, want)
	}
}

func TestScanReplacesAndCuts(t *testing.T) {
	input := `{"a":"x\"y","data":"0123\/4567","b":"z"}`
	var cut string
	got := scanned(t, input, func(keys []string) edit {
		switch keys[0] {
		case "a":
			return edit{replace: func(value string) string { return value + "!" }}
		case "data":
			return edit{cut: func(start, end int64) { cut = input[start:end] }}
		}
		return edit{}
	})
	if got != `{"a":"x\"y!","data":"","b":"z"}` || cut != `0123\/4567` {
		t.Fatalf("got %s, cut %s", got, cut)
	}
}

func TestScanRefusesBrokenInput(t *testing.T) {
	for _, input := range []string{`{"a":"b"`, `"a`, `}`, strings.Repeat("[", maxDepth+1), `{"` + strings.Repeat("k", maxString+2) + `":1}`} {
		var out bytes.Buffer
		if err := scan(&out, strings.NewReader(input), func([]string) edit { return edit{} }); err == nil {
			t.Errorf("%.20q was accepted", input)
		}
	}
}
