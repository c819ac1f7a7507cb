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

// normalize is the form of PEP 503, in which names are compared.
func normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

// filePath is where a file is stored.
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

// identify takes project and version from the name of a wheel or source distribution.
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

// versionOf is the version in the name of a file of a project, which may have dashes itself.
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
