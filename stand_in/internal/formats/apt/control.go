package apt

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
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
			return "", fmt.Errorf("its control file has no %s", needed)
		}
	}
	return control, nil
}

func findMember(r io.Reader, prefix string) (io.Reader, string, error) {
	magic := make([]byte, 8)
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != "!<arch>\n" {
		return nil, "", errors.New("it is no ar archive")
	}
	header := make([]byte, 60)
	for {
		if _, err := io.ReadFull(r, header); err != nil {
			return nil, "", fmt.Errorf("it has no %s", prefix)
		}
		name := strings.TrimRight(string(header[:16]), " /")
		size, err := strconv.ParseInt(strings.TrimSpace(string(header[48:58])), 10, 64)
		if err != nil || size < 0 {
			return nil, "", errors.New("the ar archive is damaged")
		}
		if strings.HasPrefix(name, prefix) {
			return io.LimitReader(r, size), name, nil
		}
		if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil {
			return nil, "", err
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
	return nil, fmt.Errorf("compression %s is not known", extension)
}

func findFile(archive *tar.Reader, name string) (string, error) {
	for {
		header, err := archive.Next()
		if err != nil {
			return "", fmt.Errorf("there is no %s file in it", name)
		}
		if path.Clean(header.Name) == name {
			text, err := io.ReadAll(io.LimitReader(archive, maxControl))
			return string(text), err
		}
	}
}
