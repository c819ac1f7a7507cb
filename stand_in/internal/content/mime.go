package content

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
)

// types are the content types of common files in repositories; a minimal system has no table of them.
var types = map[string]string{
	".jar": "application/java-archive", ".war": "application/java-archive", ".ear": "application/java-archive",
	".pom": "application/xml", ".xml": "application/xml", ".txt": "text/plain", ".md": "text/x-web-markdown", ".asc": "application/pgp-signature",
	".json": "application/json", ".html": "text/html", ".css": "text/css", ".js": "application/javascript",
	".rpm": "application/x-rpm", ".deb": "application/x-debian-package", ".gz": "application/gzip",
	".tgz": "application/gzip", ".bz2": "application/x-bzip2", ".xz": "application/x-xz", ".zst": "application/zstd",
	".zip": "application/zip", ".whl": "application/zip", ".tar": "application/x-tar", ".pdf": "application/pdf",
	".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml", ".bin": "application/octet-stream",
}

// TypeByName guesses a content type from the extension.
func TypeByName(name string) string {
	extension := strings.ToLower(path.Ext(name))
	if known, ok := types[extension]; ok {
		return known
	}
	if guessed := mime.TypeByExtension(extension); guessed != "" {
		return strings.TrimSpace(strings.Split(guessed, ";")[0])
	}
	return unknown
}

const unknown = "application/octet-stream"

// detected maps content types that Go detects to those that the real server detects.
var detected = map[string]string{"text/xml": "application/xml", "application/x-gzip": "application/gzip"}

// CheckDeclared rejects a Content-Type that is none.
func CheckDeclared(declared string) error {
	kind, _, _ := strings.Cut(declared, ";")
	family, subtype, is := strings.Cut(strings.TrimSpace(kind), "/")
	if declared != "" && (!is || family == "" || subtype == "") {
		return fmt.Errorf("%w: Content type could not be determined: %s", ErrInvalid, declared)
	}
	return nil
}

// TypeOf guesses a content type from the extension, else from the content, and else takes the one that the client
// declared.
func TypeOf(name string, staged *Staged, declared string) string {
	if named := TypeByName(name); named != unknown {
		return named
	}
	if found := typeByContent(staged); found != unknown {
		return found
	}
	if base, _, _ := strings.Cut(declared, ";"); strings.TrimSpace(base) != "" {
		return strings.TrimSpace(base)
	}
	return unknown
}

func typeByContent(staged *Staged) string {
	file, err := os.Open(staged.File)
	if err != nil {
		return unknown
	}
	defer file.Close()
	start := make([]byte, 512)
	n, err := io.ReadFull(file, start)
	if err != nil && n == 0 {
		return unknown
	}
	found, _, _ := strings.Cut(http.DetectContentType(start[:n]), ";")
	if other, is := detected[found]; is {
		return other
	}
	return found
}
