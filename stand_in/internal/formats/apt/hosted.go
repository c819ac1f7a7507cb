package apt

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"path"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/dsnet/compress/bzip2"

	"repository-store/nexus-stand-in/internal/content"
)

// hosted is the Source of a hosted repository. It generates the indexes at the first request after a change.
type hosted struct {
	repository *content.Repository
	mutex      sync.Mutex
	revision   uint64
	made       bool
}

// Open opens a package or an index.
func (h *hosted) Open(ctx context.Context, file string) (*content.Content, error) {
	if strings.HasPrefix(file, "dists/") {
		if err := h.refresh(ctx); err != nil {
			return nil, err
		}
	}
	return h.repository.Store.Open(file)
}

func (h *hosted) refresh(ctx context.Context) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.made && h.revision == h.repository.Store.Revision() {
		return nil
	}
	before := h.repository.Store.Revision()
	packages, err := h.packages()
	if err != nil {
		return err
	}
	written, err := h.write(ctx, packages)
	if err != nil {
		return err
	}
	h.revision, h.made = before+uint64(written), true // a higher revision is a concurrent change
	return nil
}

// packages returns the Packages file of each architecture.
func (h *hosted) packages() (map[string]*bytes.Buffer, error) {
	packages := map[string]*bytes.Buffer{}
	err := h.repository.Store.List("pool/", func(asset *content.Asset) bool {
		architecture := asset.Attributes[architectureAttribute]
		if packages[architecture] == nil {
			packages[architecture] = &bytes.Buffer{}
		}
		fmt.Fprintf(packages[architecture], "%s\nFilename: %s\nSize: %d\nMD5sum: %s\nSHA1: %s\nSHA256: %s\n\n",
			asset.Attributes[controlAttribute], asset.Path, asset.Size, asset.MD5, asset.SHA1, asset.SHA256)
		return true
	})
	return packages, err
}

// write stores the indexes and the signed Release files, and returns their number. If signing fails, nothing is stored.
func (h *hosted) write(ctx context.Context, packages map[string]*bytes.Buffer) (written int, err error) {
	if all := packages["all"]; all != nil { // packages for every architecture
		for architecture, text := range packages {
			if architecture != "all" {
				text.Write(all.Bytes())
			}
		}
	}
	base := "dists/" + h.repository.Text("distribution")
	files := map[string][]byte{}
	for architecture, text := range packages {
		name := "main/binary-" + architecture + "/Packages"
		files[name] = text.Bytes()
		files[name+".gz"] = gzipped(text.Bytes())
		files[name+".bz2"] = bzipped(text.Bytes())
	}
	release := h.release(packages, files)
	signing, _ := h.repository.Section["aptSigning"].(map[string]any)
	inline, detached, err := sign(signing, release)
	if err != nil {
		return 0, fmt.Errorf("sign the index of %s: %w", h.repository.Name, err)
	}
	files["Release"], files["InRelease"], files["Release.gpg"] = release, inline, detached
	for name, text := range files {
		kind := "text/plain"
		switch path.Ext(name) {
		case ".gz":
			kind = "application/gzip"
		case ".bz2":
			kind = "application/bzip2"
		}
		if _, err := content.Put(ctx, h.repository.Store, base+"/"+name, bytes.NewReader(text), content.PutOptions{ContentType: kind}); err != nil {
			return 0, err
		}
	}
	return len(files), nil
}

func (h *hosted) release(packages map[string]*bytes.Buffer, files map[string][]byte) []byte {
	architectures, names := []string{}, []string{}
	for architecture := range packages {
		architectures = append(architectures, architecture)
	}
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(architectures)
	sort.Strings(names)
	distribution := h.repository.Text("distribution")
	var text bytes.Buffer
	fmt.Fprintf(&text, "Suite: %s\nCodename: %s\nComponents: main\nDate: %s\nArchitectures: %s\n",
		distribution, distribution, time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 UTC"), strings.Join(architectures, " "))
	text.WriteString("MD5Sum:\n")
	for _, name := range names {
		fmt.Fprintf(&text, " %x %d %s\n", md5.Sum(files[name]), len(files[name]), name)
	}
	text.WriteString("SHA256:\n")
	for _, name := range names {
		fmt.Fprintf(&text, " %x %d %s\n", sha256.Sum256(files[name]), len(files[name]), name)
	}
	return text.Bytes()
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
