package blobstore

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/content"
)

// Stage receives a body into a file that nothing refers to yet; when it returns, the file is synced to disk.
func (m *Manager) Stage(ctx context.Context, store string, body io.Reader) (*content.Staged, error) {
	target, err := m.writable(store)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(m.Dir(target), "content", "tmp")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	if m.Full() {
		return nil, fmt.Errorf("write %s: %w", folder, syscall.ENOSPC)
	}
	file, err := os.CreateTemp(folder, "upload-")
	if err != nil {
		return nil, err
	}
	staged, err := receive(ctx, file, m.UntilFull(body))
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(file.Name())
		return nil, err
	}
	return staged, nil
}

func receive(ctx context.Context, file *os.File, body io.Reader) (*content.Staged, error) {
	staged, err := digest(ctx, io.TeeReader(body, file))
	if err != nil {
		return nil, err
	}
	staged.File = file.Name()
	return staged, file.Sync()
}

// digest reads to the end and returns the size and the checksums.
func digest(ctx context.Context, body io.Reader) (*content.Staged, error) {
	hashes := []hash.Hash{md5.New(), sha1.New(), sha256.New(), sha512.New()}
	writers := []io.Writer{}
	for _, h := range hashes {
		writers = append(writers, h)
	}
	size, err := io.Copy(io.MultiWriter(writers...), &cancellable{ctx, body})
	if err != nil {
		return nil, err
	}
	sum := func(i int) string { return hex.EncodeToString(hashes[i].Sum(nil)) }
	return &content.Staged{Size: size, MD5: sum(0), SHA1: sum(1), SHA256: sum(2), SHA512: sum(3)}, nil
}

type cancellable struct {
	ctx    context.Context
	reader io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.reader.Read(p)
}

// Keep moves a staged file to its final place and returns the blob reference.
func (m *Manager) Keep(store string, staged *content.Staged, properties map[string]string) (string, error) {
	blob := uuid.NewString()
	file := m.blobFile(store, blob)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	if err := writeProperties(file, properties); err != nil {
		return "", err
	}
	if err := os.Chmod(staged.File, 0o644); err != nil {
		return "", err
	}
	if err := os.Rename(staged.File, file+".bytes"); err != nil {
		return "", err
	}
	return blob, nil
}

// OpenBlob opens a stored file.
func (m *Manager) OpenBlob(store, blob string) (*os.File, error) {
	file, err := os.Open(m.blobFile(store, blob) + ".bytes")
	if os.IsNotExist(err) {
		return nil, content.ErrBlobMissing
	}
	return file, err
}

// MarkDeleted marks a blob as deleted; its bytes stay until the blob store is compacted.
func (m *Manager) MarkDeleted(store, blob string) {
	file := m.blobFile(store, blob) + ".properties"
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "deleted=true\ndeletedDateTime=%d\n", time.Now().UnixMilli())
}

// blobFile is the path of a blob without its extension, in the folder layout of the real server.
func (m *Manager) blobFile(store, blob string) string {
	h := fnv.New32a()
	io.WriteString(h, blob)
	n := h.Sum32()
	place := filepath.Join("content", fmt.Sprintf("vol-%02d", n%43+1), fmt.Sprintf("chap-%02d", n/43%47+1), blob)
	return filepath.Join(m.folderWith(store, place+".bytes"), place)
}

func writeProperties(file string, properties map[string]string) error {
	text := ""
	for _, name := range sortedNames(properties) {
		text += name + "=" + properties[name] + "\n"
	}
	return os.WriteFile(file+".properties", []byte(text), 0o644)
}
