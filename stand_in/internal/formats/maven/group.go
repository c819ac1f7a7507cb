package maven

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// groupSource is the Source of a group: it merges maven-metadata.xml and serves other files from the first member that has them.
type groupSource struct{ group *content.Repository }

// Open opens a file of the group.
func (s groupSource) Open(ctx context.Context, path string) (*content.Content, error) {
	if !isMetadata(path) {
		return content.FirstSource{Group: s.group}.Open(ctx, path)
	}
	main, suffix := withoutSuffix(path)
	merged, err := s.merge(ctx, main)
	if err != nil {
		return nil, err
	}
	if suffix == "" {
		return s.keep(ctx, path, merged, "application/xml")
	}
	digest := digestOf(suffix)
	if digest == nil {
		return nil, content.ErrNotFound
	}
	digest.Write(merged)
	return s.keep(ctx, path, []byte(hex.EncodeToString(digest.Sum(nil))), "text/plain")
}

func digestOf(suffix string) hash.Hash {
	switch suffix {
	case ".md5":
		return md5.New()
	case ".sha1":
		return sha1.New()
	case ".sha256":
		return sha256.New()
	case ".sha512":
		return sha512.New()
	}
	return nil
}

// keep stores merged metadata if it has changed, and opens it like any other file.
func (s groupSource) keep(ctx context.Context, path string, merged []byte, contentType string) (*content.Content, error) {
	sum := sha1.Sum(merged)
	if stored := s.group.Store.Get(path); stored != nil && stored.SHA1 == hex.EncodeToString(sum[:]) {
		return s.group.Store.Open(path)
	}
	if _, err := content.Put(ctx, s.group.Store, path, bytes.NewReader(merged), content.PutOptions{ContentType: contentType}); err != nil {
		return nil, err
	}
	return s.group.Store.Open(path)
}

// merge merges the metadata of the members.
func (s groupSource) merge(ctx context.Context, path string) ([]byte, error) {
	var found []*metadata
	var failure error
	for _, member := range s.group.Members() {
		c, err := member.Source.Open(ctx, path)
		if err != nil {
			if failure == nil && !errors.Is(err, content.ErrNotFound) {
				failure = err
			}
			continue
		}
		parsed, err := readMetadata(c.File)
		c.Close()
		if err == nil {
			found = append(found, parsed)
		}
	}
	switch {
	case len(found) > 0:
		return mergeMetadata(found).write()
	case failure != nil:
		return nil, failure
	}
	return nil, content.ErrNotFound
}

func folderOf(path string) string {
	if i := strings.LastIndex(path, "/"); i >= 0 {
		return path[:i]
	}
	return ""
}
