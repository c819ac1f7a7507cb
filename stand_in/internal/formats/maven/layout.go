package maven

import (
	"regexp"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

const metadataFile = "maven-metadata.xml"

var checksums = []string{".md5", ".sha1", ".sha256", ".sha512"}

// artifact is a parsed path of the Maven layout.
type artifact struct {
	group, name, version, classifier, extension string
}

var snapshotVersion = regexp.MustCompile(`^(.*)-SNAPSHOT$`)
var timestampedVersion = regexp.MustCompile(`^(\d{8}\.\d{6}-\d+)(.*)$`)

// withoutSuffix splits off the extension of a checksum or signature.
func withoutSuffix(path string) (string, string) {
	for _, suffix := range append([]string{".asc"}, checksums...) {
		if trimmed, ok := strings.CutSuffix(path, suffix); ok {
			inner, more := withoutSuffix(trimmed)
			return inner, more + suffix
		}
	}
	return path, ""
}

// isMetadata reports whether a path is a maven-metadata.xml or a checksum of one.
func isMetadata(path string) bool {
	trimmed, _ := withoutSuffix(path)
	return trimmed == metadataFile || strings.HasSuffix(trimmed, "/"+metadataFile)
}

// parse parses a path of the Maven layout; it returns nil for other paths.
func parse(path string) *artifact {
	main, suffix := withoutSuffix(path)
	segments := strings.Split(main, "/")
	n := len(segments)
	if n < 4 || isMetadata(path) {
		return nil
	}
	file, folder, name := segments[n-1], segments[n-2], segments[n-3]
	rest, ok := strings.CutPrefix(file, name+"-")
	if !ok {
		return nil
	}
	version, tail, ok := cutVersion(rest, folder)
	if !ok {
		return nil
	}
	dot := extensionDot(tail)
	if dot < 0 || !strings.ContainsAny(tail[:1], "-.") {
		return nil
	}
	found := &artifact{group: strings.Join(segments[:n-3], "."), name: name, version: version, extension: tail[dot+1:] + suffix}
	if tail[0] == '-' {
		found.classifier = tail[1:dot]
	}
	return found
}

// extensionDot is where the extension begins: at the last dot, except for these.
func extensionDot(tail string) int {
	dot := strings.LastIndex(tail, ".")
	for _, packed := range []string{".tar", ".cpio"} {
		if dot >= 0 && strings.HasSuffix(tail[:dot], packed) {
			return dot - len(packed)
		}
	}
	return dot
}

// cutVersion splits the part of a file name after the artifact name into version and rest.
func cutVersion(rest, folder string) (version, tail string, ok bool) {
	if tail, ok := strings.CutPrefix(rest, folder); ok {
		return folder, tail, true
	}
	base := snapshotVersion.FindStringSubmatch(folder)
	if base == nil {
		return "", "", false
	}
	stamped, ok := strings.CutPrefix(rest, base[1]+"-")
	if !ok {
		return "", "", false
	}
	match := timestampedVersion.FindStringSubmatch(stamped)
	if match == nil {
		return "", "", false
	}
	return base[1] + "-" + match[1], match[2], true
}

// isSnapshot reports whether a path belongs to a snapshot.
func isSnapshot(path string) bool {
	main, _ := withoutSuffix(path)
	segments := strings.Split(main, "/")
	return len(segments) > 1 && strings.HasSuffix(segments[len(segments)-2], "-SNAPSHOT")
}

func (a *artifact) attributes() map[string]string {
	if a == nil {
		return nil
	}
	attributes := map[string]string{"groupId": a.group, "artifactId": a.name, "version": a.version, "extension": a.extension}
	if a.classifier != "" {
		attributes["classifier"] = a.classifier
	}
	return attributes
}

func (a *artifact) coordinates() content.Coordinates {
	if a == nil {
		return content.Coordinates{}
	}
	return content.Coordinates{Group: a.group, Name: a.name, Version: a.version}
}
