package pypi

import (
	"fmt"
	"regexp"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

var (
	separators  = regexp.MustCompile(`[-_.]+`)
	projectName = regexp.MustCompile(`(?i)^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$`)
	versionText = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.!+_-]*$`)
	archives    = []string{".whl", ".tar.gz", ".tar.bz2", ".zip", ".egg", ".exe", ".msi"}
)

// normalize returns the normalized name of PEP 503, for comparisons.
func normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

// filePath is the path under which a file is stored.
func filePath(project, version, file string) (string, error) {
	switch {
	case !projectName.MatchString(project):
		return "", fmt.Errorf("%w: %q is no project name", content.ErrInvalid, project)
	case !versionText.MatchString(version):
		return "", fmt.Errorf("%w: %q is no version", content.ErrInvalid, version)
	case strings.ContainsAny(file, `/\`) || withoutExtension(file) == file:
		return "", fmt.Errorf("%w: %q is no file name of a distribution, allowed are names ending in %s", content.ErrInvalid, file, strings.Join(archives, " "))
	}
	return packages + normalize(project) + "/" + version + "/" + file, nil
}

func withoutExtension(file string) string {
	for _, extension := range archives {
		if bare, ok := strings.CutSuffix(file, extension); ok && bare != "" {
			return bare
		}
	}
	return file
}

// identify parses project and version from the file name of a wheel or source distribution.
func identify(file string) (project, version string, ok bool) {
	bare := withoutExtension(file)
	if strings.HasSuffix(file, ".whl") || strings.HasSuffix(file, ".egg") {
		parts := strings.Split(bare, "-")
		if len(parts) < 2 {
			return "", "", false
		}
		return parts[0], parts[1], true
	}
	at := strings.LastIndex(bare, "-")
	if at <= 0 || bare == file {
		return "", "", false
	}
	return bare[:at], bare[at+1:], true
}

// versionOf parses the version from a file name of a project, whose name may have dashes.
func versionOf(project, file string) string {
	bare := withoutExtension(file)
	if !strings.HasSuffix(file, ".whl") && !strings.HasSuffix(file, ".egg") {
		for i := len(bare) - 1; i > 0; i-- {
			if bare[i] == '-' && normalize(bare[:i]) == project {
				return bare[i+1:]
			}
		}
	}
	if _, version, ok := identify(file); ok {
		return version
	}
	return "0"
}
