package yum

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// group merges the metadata of its members, and serves packages from the first member that has them.
type group struct {
	content.FirstSource
	directories *directories
}

func newGroup(repository *content.Repository) *group {
	return &group{FirstSource: content.FirstSource{Group: repository}, directories: newDirectories(repository.Store)}
}

func (g *group) Open(ctx context.Context, file string) (*content.Content, error) {
	directory, name, ok := metadataPath(file)
	if !ok {
		return g.FirstSource.Open(ctx, file)
	}
	return g.directories.open(directory, file, name, func(m *metadata) error { return g.build(ctx, m, directory) })
}

// memberData is the repomd.xml of a member, and the repository to read the rest from.
type memberData struct {
	repository *content.Repository
	manifest   []byte
}

// build merges the metadata if the repomd.xml of a member has changed; the caller holds the lock of m.
func (g *group) build(ctx context.Context, m *metadata, directory string) error {
	members, failure := g.collect(ctx, directory)
	if len(members) == 0 && failure != nil {
		return failure
	}
	m.empty = len(members) == 0
	fingerprint := fingerprintOf(members)
	if m.built && fingerprint == m.fingerprint {
		return nil
	}
	if !m.empty {
		if err := g.merge(ctx, m, directory, members); err != nil {
			return err
		}
	}
	m.built, m.fingerprint = true, fingerprint
	return nil
}

// collect reads the repomd.xml of the members. It skips members that have none or fail, and returns the last failure.
func (g *group) collect(ctx context.Context, directory string) (members []memberData, failure error) {
	for _, member := range g.Group.Members() {
		manifest, err := readAll(ctx, member, path.Join(directory, repodata, manifestName))
		if err == nil {
			members = append(members, memberData{member, manifest})
		} else if !missing(err) {
			failure = err
		}
	}
	return members, failure
}

const maxManifest = 1 << 20

func readAll(ctx context.Context, member *content.Repository, file string) ([]byte, error) {
	opened, err := member.Source.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return io.ReadAll(io.LimitReader(opened.File, maxManifest))
}

func fingerprintOf(members []memberData) string {
	hash := sha256.New()
	for _, member := range members {
		fmt.Fprintf(hash, "%s\x00%d\x00%s", member.repository.Name, len(member.manifest), member.manifest)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func (g *group) merge(ctx context.Context, m *metadata, directory string, members []memberData) error {
	work, err := m.workDir()
	if err != nil {
		return err
	}
	copies, err := os.MkdirTemp(work, "members-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(copies)
	arguments := []string{"--all", "--omit-baseurl", "--no-database", "--compress-type=gz"}
	for i, member := range members {
		copied := filepath.Join(copies, fmt.Sprint(i))
		if err := member.copyTo(ctx, copied, directory); err != nil {
			return fmt.Errorf("metadata of %s: %w", member.repository.Name, err)
		}
		arguments = append(arguments, "--repo="+copied)
	}
	return m.generate(work, func(finished string) error {
		return runTool("mergerepo_c", append(arguments, "--outputdir="+finished)...)
	})
}

// repomd is the part of repomd.xml that is used here.
type repomd struct {
	Data []struct {
		Type     string `xml:"type,attr"`
		Location struct {
			Href string `xml:"href,attr"`
		} `xml:"location"`
	} `xml:"data"`
}

// copyTo copies the metadata that can be merged.
func (d memberData) copyTo(ctx context.Context, target, directory string) error {
	var manifest repomd
	if err := xml.Unmarshal(d.manifest, &manifest); err != nil {
		return fmt.Errorf("%w: repomd.xml: %v", content.ErrRemote, err)
	}
	if err := os.MkdirAll(filepath.Join(target, repodata), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(target, repodata, manifestName), d.manifest, 0o644); err != nil {
		return err
	}
	for _, data := range manifest.Data {
		if strings.HasSuffix(data.Type, "_db") || strings.HasSuffix(data.Type, "_zck") || path.Dir(data.Location.Href) != repodata {
			continue
		}
		if err := d.copyFile(ctx, filepath.Join(target, filepath.FromSlash(data.Location.Href)), path.Join(directory, data.Location.Href)); err != nil {
			return err
		}
	}
	return nil
}

func (d memberData) copyFile(ctx context.Context, target, file string) error {
	opened, err := d.repository.Source.Open(ctx, file)
	if err != nil {
		return err
	}
	defer opened.Close()
	written, err := os.Create(target)
	if err != nil {
		return err
	}
	if _, err := io.Copy(written, opened.File); err != nil {
		written.Close()
		return err
	}
	return written.Close()
}
