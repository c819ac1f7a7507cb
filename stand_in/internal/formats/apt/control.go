package apt

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"repository-store/nexus-stand-in/internal/content"
)

// paragraph is the text of a control file.
type paragraph string

func (p paragraph) field(name string) string {
	for _, line := range strings.Split(string(p), "\n") {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

const maxControl = 1 << 20

// readControl reads the control file of a .deb: an ar archive with a compressed control.tar.
func readControl(file string) (paragraph, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	archive, name, err := findMember(bufio.NewReader(f), "control.tar")
	if err != nil {
		return "", err
	}
	plain, err := decompress(archive, path.Ext(name))
	if err != nil {
		return "", err
	}
	text, err := findFile(tar.NewReader(plain), "control")
	if err != nil {
		return "", err
	}
	control := paragraph(strings.TrimSpace(text))
	for _, needed := range []string{"Package", "Version", "Architecture"} {
		if control.field(needed) == "" {
			return "", &content.Unexpected{Class: "java.lang.IllegalStateException", Message: "Control file doesn't contain '" + needed + "' field."}
		}
	}
	return control, nil
}

func broken(format string, arguments ...any) error {
	return &content.Unexpected{Class: "java.io.IOException", Message: fmt.Sprintf(format, arguments...)}
}

var errNoControl = broken("Invalid debian package: no control file")

func findMember(r io.Reader, prefix string) (io.Reader, string, error) {
	magic := make([]byte, 8)
	if n, err := io.ReadFull(r, magic); err != nil {
		return nil, "", broken("failed to read header. Occured at byte: %d", n)
	}
	if string(magic) != "!<arch>\n" {
		return nil, "", broken("invalid header %s", magic)
	}
	header := make([]byte, 60)
	for {
		switch _, err := io.ReadFull(r, header); {
		case err == io.EOF:
			return nil, "", errNoControl
		case err != nil:
			return nil, "", broken("truncated ar archive")
		}
		name := strings.TrimRight(string(header[:16]), " /")
		size, err := strconv.ParseInt(strings.TrimSpace(string(header[48:58])), 10, 64)
		if err != nil || size < 0 {
			return nil, "", broken("truncated ar archive")
		}
		if strings.HasPrefix(name, prefix) {
			return io.LimitReader(r, size), name, nil
		}
		if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil {
			return nil, "", broken("truncated ar archive")
		}
	}
}

func decompress(r io.Reader, extension string) (io.Reader, error) {
	switch extension {
	case ".gz":
		return gzip.NewReader(r)
	case ".xz":
		return xz.NewReader(r)
	case ".zst":
		return zstd.NewReader(r)
	case ".tar":
		return r, nil
	}
	return nil, errNoControl
}

func findFile(archive *tar.Reader, name string) (string, error) {
	for {
		header, err := archive.Next()
		if err != nil {
			return "", errNoControl
		}
		if path.Clean(header.Name) == name {
			text, err := io.ReadAll(io.LimitReader(archive, maxControl))
			return string(text), err
		}
	}
}
