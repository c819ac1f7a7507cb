package npm

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// publication is the body of npm publish: a document, and the positions of the archives in the received file.
type publication struct {
	*document
	received    *content.Staged
	attachments map[string]attachment // by file name
}

type attachment struct{ start, end int64 }

func (h *handler) servePut(w http.ResponseWriter, r *http.Request, file string) {
	t := parseTarget(file)
	if err := h.hosted.put(r.Context(), t, r.Body); err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "success": true})
}

func (h *hosted) put(ctx context.Context, t target, body io.Reader) error {
	if err := h.checkWritable(); err != nil {
		return err
	}
	received, err := h.repository.Store.Stage(ctx, body)
	if err != nil {
		return err
	}
	defer h.repository.Store.Discard(received)
	published, err := readPublication(t.name, received)
	if err != nil {
		return err
	}
	if published.Name != t.name {
		return fmt.Errorf("%w: the document names the package %q, the address %q", content.ErrInvalid, published.Name, t.name)
	}
	defer h.locks.lock(t.name)()
	stored, err := h.stored(ctx, t.name)
	if err != nil {
		return err
	}
	if len(published.attachments) == 0 {
		return h.edit(ctx, stored, published.document, t.revision)
	}
	return h.publish(ctx, stored, published)
}

func readPublication(name string, received *content.Staged) (*publication, error) {
	file, err := os.Open(received.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p := &publication{received: received, attachments: map[string]attachment{}}
	var text bytes.Buffer
	err = scan(&limited{&text, maxDocument}, file, func(keys []string) edit {
		if len(keys) == 3 && keys[0] == "_attachments" && keys[2] == "data" {
			return edit{cut: func(start, end int64) { p.attachments[path.Base(keys[1])] = attachment{start, end} }}
		}
		return edit{}
	})
	if err != nil {
		return nil, fmt.Errorf("%w: package document: %v", content.ErrInvalid, err)
	}
	if p.document, err = parseDocument(name, text.Bytes()); err != nil {
		return nil, err
	}
	delete(p.rest, "_attachments")
	return p, nil
}

// limited fails if more bytes are written than allowed.
type limited struct {
	io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, fmt.Errorf("larger than %d bytes without its archives", maxDocument)
	}
	return l.Writer.Write(p)
}

// archive decodes an attachment.
func (p *publication) archive(a attachment, use func(io.Reader) error) error {
	file, err := os.Open(p.received.File)
	if err != nil {
		return err
	}
	defer file.Close()
	return use(base64.NewDecoder(base64.StdEncoding, withoutBackslashes{io.NewSectionReader(file, a.start, a.end-a.start)}))
}

// withoutBackslashes undoes the only escape that base64 can have in JSON: \/
type withoutBackslashes struct{ io.Reader }

func (w withoutBackslashes) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	kept := 0
	for _, c := range p[:n] {
		if c != '\\' {
			p[kept] = c
			kept++
		}
	}
	return kept, err
}

// publish adds versions. It stores the archives before the document, so that visible versions have an archive.
func (h *hosted) publish(ctx context.Context, stored *document, p *publication) error {
	for version, body := range p.Versions {
		file := archiveOf(body)
		if file == "" {
			file = defaultArchive(p.Name, version)
		}
		a, ok := p.attachments[file]
		if !ok {
			return fmt.Errorf("%w: the archive %s of version %s is not attached", content.ErrInvalid, file, version)
		}
		err := p.archive(a, func(archive io.Reader) error {
			return h.addVersion(ctx, stored, version, body, file, archive)
		})
		if err != nil {
			return err
		}
	}
	for tag, version := range p.Tags {
		stored.Tags[tag] = version
	}
	for field, raw := range p.rest {
		stored.rest[field] = raw
	}
	return h.save(ctx, stored)
}

func defaultArchive(name, version string) string {
	_, bare := splitScope(name)
	return bare + "-" + version + ".tgz"
}

func (h *hosted) addVersion(ctx context.Context, stored *document, version string, body json.RawMessage, file string, archive io.Reader) error {
	if _, published := stored.Versions[version]; published && h.repository.WritePolicy == content.AllowOnce {
		return fmt.Errorf("%w: version %s of %s is published already", content.ErrWritePolicy, version, stored.Name)
	}
	staged, err := h.repository.Store.Stage(ctx, archive)
	var corrupt base64.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: archive %s: %v", content.ErrInvalid, file, err)
	}
	if err != nil {
		return err
	}
	if body, err = checkedDist(body, staged, file); err != nil {
		h.repository.Store.Discard(staged)
		return err
	}
	scope, bare := splitScope(stored.Name)
	_, err = h.repository.Store.Commit(ctx, archivePath(stored.Name, file), staged, content.PutOptions{
		ContentType: "application/x-tgz",
		Coordinates: &content.Coordinates{Group: scope, Name: bare, Version: version},
	})
	if err != nil {
		return err
	}
	stored.Versions[version] = body
	stored.touch(version)
	return nil
}

// checkedDist compares the checksums in the version document with the archive, and adds missing ones.
func checkedDist(body json.RawMessage, staged *content.Staged, file string) (json.RawMessage, error) {
	var d distribution
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, fmt.Errorf("%w: version document: %v", content.ErrInvalid, err)
	}
	sha512, err := hex.DecodeString(staged.SHA512)
	if err != nil {
		return nil, err
	}
	integrity := "sha512-" + base64.StdEncoding.EncodeToString(sha512)
	if d.Dist.Shasum != "" && d.Dist.Shasum != staged.SHA1 ||
		strings.HasPrefix(d.Dist.Integrity, "sha512-") && d.Dist.Integrity != integrity {
		return nil, fmt.Errorf("%w: the checksum of %s does not fit the archive", content.ErrInvalid, file)
	}
	return withDist(body, map[string]string{"tarball": file, "shasum": staged.SHA1, "integrity": integrity})
}

// edit changes published versions: npm deprecate sends all versions; npm unpublish (with a revision) sends the remaining ones.
func (h *hosted) edit(ctx context.Context, stored, wanted *document, remainder bool) error {
	if len(stored.Versions) == 0 {
		return fmt.Errorf("%w: package %s", content.ErrNotFound, stored.Name)
	}
	for version, body := range stored.Versions {
		changed, ok := wanted.Versions[version]
		switch {
		case ok:
			kept, err := withArchive(changed, archiveOf(body))
			if err != nil {
				return err
			}
			stored.Versions[version] = kept
		case remainder:
			stored.drop(version)
		}
	}
	for tag, version := range wanted.Tags {
		if _, ok := stored.Versions[version]; ok {
			stored.Tags[tag] = version
		}
	}
	return h.save(ctx, stored)
}
