package apt

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dsnet/compress/bzip2"

	"repository-store/nexus-stand-in/internal/content"
)

// hosted is the Source of a hosted repository. A request for an index makes all of them if there is none since the last change.
type hosted struct {
	repository *content.Repository
	mutex      sync.Mutex
	revision   uint64 // of the store when this process made the indexes
	made       bool
}

// Open opens a package or an index.
func (h *hosted) Open(ctx context.Context, file string) (*content.Content, error) {
	if strings.HasPrefix(file, "dists") && made.MatchString(file) {
		if err := h.refresh(ctx); err != nil {
			return nil, err
		}
	}
	return h.repository.Store.Open(file)
}

var made = regexp.MustCompile(`(InRelease|Release|Release\.gpg|/Packages)$`)

func (h *hosted) base() string { return "dists/" + h.repository.Text("distribution") + "/" }

func (h *hosted) refresh(ctx context.Context) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	store := h.repository.Store
	if store.Get(h.base()+"InRelease") != nil && (!h.made || h.revision == store.Revision()) {
		return nil
	}
	packages, err := h.packages()
	if err == nil {
		err = h.write(ctx, packages)
	}
	h.revision, h.made = store.Revision(), err == nil
	return err
}

// packages returns the Packages file of each architecture.
func (h *hosted) packages() (map[string]*bytes.Buffer, error) {
	packages := map[string]*bytes.Buffer{}
	err := h.repository.Store.List("pool/", func(asset *content.Asset) bool {
		architecture := asset.Attributes[architectureAttribute]
		if packages[architecture] == nil {
			packages[architecture] = &bytes.Buffer{}
		}
		fmt.Fprintf(packages[architecture], "%s\nFilename: /%s\nSize: %d\nMD5Sum: %s\nSHA1: %s\nSHA256: %s\n\n",
			asset.Attributes[controlAttribute], asset.Path, asset.Size, asset.MD5, asset.SHA1, asset.SHA256)
		return true
	})
	return packages, err
}

// write stores the indexes and Release, and then its signatures, which may fail.
func (h *hosted) write(ctx context.Context, packages map[string]*bytes.Buffer) error {
	var md5s, sha256s strings.Builder
	architectures := slices.Sorted(maps.Keys(packages))
	for _, architecture := range architectures {
		text := packages[architecture].Bytes()
		for _, index := range []struct {
			ending, kind string
			content      []byte
		}{{"", "text/plain", text}, {".gz", "application/x-gzip", gzipped(text)}, {".bz2", "application/x-bzip2", bzipped(text)}} {
			name := "main/binary-" + architecture + "/Packages" + index.ending
			if err := h.put(ctx, name, index.kind, index.content); err != nil {
				return err
			}
			fmt.Fprintf(&md5s, "\n %x %d %s", md5.Sum(index.content), len(index.content), name)
			fmt.Fprintf(&sha256s, "\n %x %d %s", sha256.Sum256(index.content), len(index.content), name)
		}
	}
	distribution := h.repository.Text("distribution")
	release := fmt.Appendf(nil, "Suite: %s\nCodename: %s\nComponents: main\nDate: %s\nArchitectures: %s\nSHA256: %s\nMD5Sum: %s", distribution,
		distribution, time.Now().UTC().Format(http.TimeFormat), strings.Join(architectures, " "), sha256s.String(), md5s.String())
	if err := h.put(ctx, "Release", "text/plain", release); err != nil {
		return err
	}
	signing, _ := h.repository.Section["aptSigning"].(map[string]any)
	inline, detached, err := sign(signing, release)
	if err != nil {
		return fmt.Errorf("sign the index of %s: %w", h.repository.Name, err)
	}
	if err := h.put(ctx, "InRelease", "text/plain", inline); err != nil {
		return err
	}
	return h.put(ctx, "Release.gpg", "application/pgp-signature", detached)
}

func (h *hosted) put(ctx context.Context, name, kind string, text []byte) error {
	file := h.base() + name
	if h.repository.WritePolicy == content.Deny {
		return h.repository.CheckWrite(file)
	}
	staged, err := h.repository.Store.Stage(ctx, bytes.NewReader(text))
	if err != nil {
		return err
	}
	staged.SHA512 = ""
	_, err = h.repository.Store.Commit(ctx, file, staged, content.PutOptions{ContentType: kind})
	return err
}

// bzipped returns a valid stream also for an empty text.
func bzipped(text []byte) []byte {
	var buffer bytes.Buffer
	writer, err := bzip2.NewWriter(&buffer, nil)
	if err != nil { // only invalid settings fail, and there are none
		panic(err)
	}
	writer.Write(text) // into memory: it does not fail
	writer.Close()
	return buffer.Bytes()
}

func gzipped(text []byte) []byte {
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	writer.Write(text) // into memory: it does not fail
	writer.Close()
	return buffer.Bytes()
}
