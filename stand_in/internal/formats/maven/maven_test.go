package maven

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for path, want := range map[string]*artifact{
		"org/x/lib/1.0/lib-1.0.jar":                                    {"org.x", "lib", "1.0", "", "jar"},
		"org/x/lib/1.0/lib-1.0-sources.jar.sha1":                       {"org.x", "lib", "1.0", "sources", "jar.sha1"},
		"org/x/lib/1.0/lib-1.0.tar.gz.asc.md5":                         {"org.x", "lib", "1.0", "", "tar.gz.asc.md5"},
		"org/x/lib/1.1-SNAPSHOT/lib-1.1-SNAPSHOT.pom":                  {"org.x", "lib", "1.1-SNAPSHOT", "", "pom"},
		"org/x/lib/1.1-SNAPSHOT/lib-1.1-20240101.120000-1.jar":         {"org.x", "lib", "1.1-20240101.120000-1", "", "jar"},
		"org/x/lib/1.1-SNAPSHOT/lib-1.1-20240101.120000-1-javadoc.jar": {"org.x", "lib", "1.1-20240101.120000-1", "javadoc", "jar"},
		"org/x/lib/2.0/lib-9.0.jar":                                    nil,
		"org/x/lib/maven-metadata.xml":                                 nil,
		"some/odd.txt":                                                 nil,
	} {
		if got := parse(path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", path, got, want)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	ordered := []string{"1.0-alpha", "1.0-rc1", "1.0", "1.2", "1.10", "2.0"}
	shuffled := []string{"1.10", "2.0", "1.0", "1.0-rc1", "1.2", "1.0-alpha"}
	slices.SortFunc(shuffled, compareVersions)
	if !slices.Equal(shuffled, ordered) {
		t.Errorf("got %v, want %v", shuffled, ordered)
	}
}

func TestMergeMetadata(t *testing.T) {
	read := func(text string) *metadata {
		parsed, err := readMetadata(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	one := read(`<metadata><groupId>g</groupId><artifactId>a</artifactId><versioning><latest>1.10</latest><release>1.10</release>
		<versions><version>1.2</version><version>1.10</version></versions><lastUpdated>20240101000000</lastUpdated></versioning></metadata>`)
	two := read(`<metadata><groupId>g</groupId><artifactId>a</artifactId><versioning><latest>1.3</latest><release>1.3</release>
		<versions><version>1.2</version><version>1.3</version></versions><lastUpdated>20250101000000</lastUpdated></versioning></metadata>`)
	merged := mergeMetadata([]*metadata{one, two}).Versioning
	if !slices.Equal(merged.Versions, []string{"1.2", "1.3", "1.10"}) || merged.Latest != "1.10" || merged.LastUpdated != "20250101000000" {
		t.Errorf("got %+v", merged)
	}
	if len(one.Versioning.Versions) != 2 {
		t.Error("merging changed its arguments")
	}
}
