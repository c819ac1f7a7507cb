package maven

import (
	"encoding/xml"
	"io"
	"slices"
	"sort"
	"strings"
)

// metadata is a maven-metadata.xml.
type metadata struct {
	XMLName    xml.Name    // whatever was read, and metadata when it is written
	Model      string      `xml:"modelVersion,attr,omitempty"`
	GroupID    string      `xml:"groupId,omitempty"`
	ArtifactID string      `xml:"artifactId,omitempty"`
	Version    string      `xml:"version,omitempty"`
	Versioning *versioning `xml:"versioning"`
	Plugins    []plugin    `xml:"plugins>plugin,omitempty"`
}

type versioning struct {
	Latest           string         `xml:"latest,omitempty"`
	Release          string         `xml:"release,omitempty"`
	Snapshot         *snapshot      `xml:"snapshot"`
	Versions         []string       `xml:"versions>version,omitempty"`
	LastUpdated      string         `xml:"lastUpdated,omitempty"`
	SnapshotVersions []snapshotFile `xml:"snapshotVersions>snapshotVersion,omitempty"`
}

type snapshot struct {
	Timestamp   string `xml:"timestamp,omitempty"`
	BuildNumber string `xml:"buildNumber,omitempty"`
}

type snapshotFile struct {
	Classifier string `xml:"classifier,omitempty"`
	Extension  string `xml:"extension"`
	Value      string `xml:"value"`
	Updated    string `xml:"updated"`
}

type plugin struct {
	Name       string `xml:"name"`
	Prefix     string `xml:"prefix"`
	ArtifactID string `xml:"artifactId"`
}

const maxMetadata = 32 << 20

func readMetadata(from io.Reader) (*metadata, error) {
	read := &metadata{}
	return read, xml.NewDecoder(io.LimitReader(from, maxMetadata)).Decode(read)
}

// path is the path that the metadata belongs to: in the folder of a snapshot version, else of the artifact.
func (m *metadata) path() string {
	parts := strings.Split(m.GroupID, ".")
	if m.ArtifactID != "" {
		parts = append(parts, m.ArtifactID)
	}
	if strings.Contains(m.Version, "-SNAPSHOT") {
		parts = append(parts, m.Version)
	}
	return strings.Join(append(parts, metadataFile), "/")
}

func (m *metadata) write() ([]byte, error) {
	text, err := xml.MarshalIndent(m, "", "  ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}

// mergeMetadata merges all; single values come from the metadata that was updated last.
func mergeMetadata(all []*metadata) *metadata {
	merged := *all[0]
	merged.XMLName = xml.Name{Local: "metadata"}
	if merged.Versioning != nil {
		copied := *merged.Versioning
		merged.Versioning = &copied
	}
	for _, other := range all[1:] {
		for _, p := range other.Plugins {
			if !slices.Contains(merged.Plugins, p) {
				merged.Plugins = append(merged.Plugins, p)
			}
		}
		if other.Versioning == nil {
			continue
		}
		if merged.Versioning == nil {
			merged.Versioning = &versioning{}
		}
		merged.Versioning.add(other.Versioning)
	}
	return &merged
}

func (v *versioning) add(other *versioning) {
	for _, version := range other.Versions {
		if !slices.Contains(v.Versions, version) {
			v.Versions = append(v.Versions, version)
		}
	}
	sort.SliceStable(v.Versions, func(i, j int) bool { return compareVersions(v.Versions[i], v.Versions[j]) < 0 })
	v.Latest, v.Release = later(v.Latest, other.Latest), later(v.Release, other.Release)
	if other.LastUpdated > v.LastUpdated {
		v.LastUpdated = other.LastUpdated
		if other.Snapshot != nil {
			v.Snapshot, v.SnapshotVersions = other.Snapshot, other.SnapshotVersions
		}
	}
}

func later(a, b string) string {
	if b != "" && (a == "" || compareVersions(b, a) > 0) {
		return b
	}
	return a
}

// compareVersions compares numbers as numbers and words as words; a qualifier comes before the version without it.
func compareVersions(a, b string) int {
	split := func(version string) []string {
		return strings.FieldsFunc(strings.ToLower(version), func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	}
	left, right := split(a), split(b)
	for i := 0; i < max(len(left), len(right)); i++ {
		if order := compareParts(part(left, i), part(right, i)); order != 0 {
			return order
		}
	}
	return strings.Compare(a, b)
}

func part(parts []string, i int) string {
	if i < len(parts) {
		return parts[i]
	}
	return ""
}

func compareParts(a, b string) int {
	isNumber := func(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
	switch numberA, numberB := isNumber(a), isNumber(b); {
	case numberA && numberB:
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(a) != len(b) {
			return len(a) - len(b)
		}
	case numberA:
		return 1
	case numberB:
		return -1
	case a == "" && b != "":
		return 1
	case b == "" && a != "":
		return -1
	}
	return strings.Compare(a, b)
}
