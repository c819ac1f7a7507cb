package content

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// signatures are the first bytes of files with these extensions.
var signatures = map[string][]byte{
	".jar": []byte("PK"), ".war": []byte("PK"), ".ear": []byte("PK"), ".zip": []byte("PK"), ".whl": []byte("PK"),
	".gz": {0x1f, 0x8b}, ".tgz": {0x1f, 0x8b}, ".bz2": []byte("BZh"), ".xz": {0xfd, '7', 'z', 'X', 'Z'},
	".zst": {0x28, 0xb5, 0x2f, 0xfd}, ".rpm": {0xed, 0xab, 0xee, 0xdb}, ".deb": []byte("!<arch>"),
	".png": {0x89, 'P', 'N', 'G'}, ".pdf": []byte("%PDF"),
}

// CheckType rejects a file whose content does not match its extension, if the repository validates content types.
func (r *Repository) CheckType(name string, staged *Staged) error {
	if !r.StrictContentTypeValidation {
		return nil
	}
	signature, known := signatures[strings.ToLower(path.Ext(name))]
	if !known {
		return nil
	}
	file, err := os.Open(staged.File)
	if err != nil {
		return err
	}
	defer file.Close()
	start := make([]byte, len(signature))
	if _, err := io.ReadFull(file, start); err != nil || !bytes.Equal(start, signature) {
		return fmt.Errorf("%w: %s is not what its extension says", ErrInvalid, name)
	}
	return nil
}
