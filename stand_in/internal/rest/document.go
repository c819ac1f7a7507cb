package rest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/repositories"
)

// document is what the search index of the real server, an Elasticsearch 2.4, has of a component.
type document struct {
	fields map[string][]string
	words  [][]string // of each value, for searches in all fields
}

func (d *document) add(field string, values ...string) {
	d.fields[field] = append(d.fields[field], values...)
	for _, value := range values {
		d.words = append(d.words, wordsOf(value))
	}
}

const prerelease = "isPrerelease" // T or F, and not among the words

func newDocument(record *repositories.Record, component blobstore.Component, assets []*content.Asset) *document {
	d, c := &document{fields: map[string][]string{}}, component.Coordinates
	d.add("repository_name", record.Name)
	d.add("format", record.Format)
	d.add("name.raw", c.Name)
	d.add("version", c.Version)
	d.add("normalized_version", normalizedVersion(record.Format, c.Version))
	d.fields["name.case_insensitive"] = []string{strings.ToLower(c.Name)}
	if c.Group != "" {
		d.add("group.raw", c.Group)
		d.fields["group.case_insensitive"] = []string{strings.ToLower(c.Group)}
	}
	d.fields[prerelease] = []string{"F"}
	if record.Format == "maven2" {
		d.add("attributes.maven2.groupId", c.Group)
		d.add("attributes.maven2.artifactId", c.Name)
		d.add("attributes.maven2.version", c.Version)
		d.add("attributes.maven2.baseVersion", baseVersion(c.Version))
		if strings.HasSuffix(baseVersion(c.Version), "-SNAPSHOT") {
			d.fields[prerelease] = []string{"T"}
		}
	}
	for _, asset := range assets {
		d.addAsset(record.Format, asset)
	}
	return d
}

func (d *document) addAsset(format string, asset *content.Asset) {
	d.add("assets.name", "/"+asset.Path)
	d.add("assets.content_type", asset.ContentType)
	d.add("assets.uploader", asset.Uploader)
	d.add("assets.uploader_ip", asset.UploaderIP)
	d.add("lastBlobUpdated", asset.BlobCreated.Format(timestamp))
	for name, value := range assetFields(format, asset) {
		d.add(name, value)
	}
}

const checksumField = "assets.attributes.checksum."

// assetFields are the fields by which a search for assets filters the assets of a found component.
func assetFields(format string, asset *content.Asset) map[string]string {
	fields := map[string]string{"assets.contentType": asset.ContentType, "assets.path": "/" + asset.Path, "assets.format": format}
	for name, value := range map[string]string{"md5": asset.MD5, "sha1": asset.SHA1, "sha256": asset.SHA256, "sha512": asset.SHA512} {
		if value != "" {
			fields[checksumField+name] = value
		}
	}
	for name, value := range asset.Attributes {
		fields["assets.attributes."+format+"."+name] = value
	}
	return fields
}

// wordsOf splits a text into words as Unicode does, in small letters.
func wordsOf(text string) []string {
	var found []string
	for state, rest := -1, strings.ToLower(text); rest != ""; {
		var word string
		word, rest, state = uniseg.FirstWordInString(rest, state)
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			found = append(found, word)
		}
	}
	return found
}

// baseVersion replaces the timestamp of a snapshot version with SNAPSHOT.
func baseVersion(version string) string { return snapshotStamp.ReplaceAllString(version, "-SNAPSHOT") }

var (
	snapshotStamp = regexp.MustCompile(`-\d{8}\.\d{6}-\d+$`)
	number        = regexp.MustCompile(`\d+`)
	mavenVersion  = regexp.MustCompile(`^(\d+)(?:\.(\d*))?(?:\.(\d*))?(?:$|-|([^\d.-]))(.*)$`)
	digitsAfter   = regexp.MustCompile(`^([a-z]+)(\d+)(.*)$`)
	stages        = map[string]string{"a": "alpha", "b": "beta", "m": "milestone"}
	early         = regexp.MustCompile(`^(alpha|beta|milestone|rc)`)
)

// normalizedVersion is a text that sorts as the version does: numbers have nine digits, and qualifiers of Maven have a letter.
func normalizedVersion(format, version string) string {
	if parts := mavenVersion.FindStringSubmatch(version); format == "maven2" && parts != nil {
		version = fmt.Sprintf("%s.%s.%s.%s", parts[1], orZero(parts[2]), orZero(parts[3]), qualifier(parts[4]+parts[5], version))
	}
	return number.ReplaceAllStringFunc(version, func(digits string) string {
		value, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return digits
		}
		return fmt.Sprintf("%09d", value)
	})
}

func orZero(part string) string {
	if part == "" {
		return "0"
	}
	return part
}

func qualifier(text, version string) string {
	text = strings.ToLower(text)
	if rest, is := strings.CutPrefix(text, "cr"); is {
		text = "rc" + rest
	}
	if parts := digitsAfter.FindStringSubmatch(text); parts != nil {
		stage := parts[1]
		if long, is := stages[stage]; is {
			stage = long
		}
		text = strings.TrimSuffix(stage+"-"+parts[2]+"-"+parts[3], "-")
	}
	switch {
	case text == "" || text == "ga" || text == "release" || text == "final":
		return "c"
	case snapshotStamp.MatchString(version):
		return "b." + text
	case early.MatchString(text):
		return "a." + text
	case strings.HasPrefix(text, "sp"):
		return "d." + text
	case text[0] >= '0' && text[0] <= '9':
		return "f." + text
	}
	return "e." + text
}
