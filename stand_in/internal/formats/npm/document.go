package npm

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"time"

	"golang.org/x/mod/semver"

	"repository-store/nexus-stand-in/internal/content"
)

const maxDocument = 64 << 20

// document describes a package; unknown fields are kept unchanged in rest.
type document struct {
	Name     string
	Versions map[string]json.RawMessage
	Tags     map[string]string // dist-tags
	Time     map[string]any    // mostly strings
	rest     map[string]json.RawMessage
}

func newDocument(name string) *document {
	return &document{
		Name: name, Versions: map[string]json.RawMessage{}, Tags: map[string]string{}, Time: map[string]any{},
		rest: map[string]json.RawMessage{},
	}
}

func parseDocument(name string, body []byte) (*document, error) {
	d := newDocument(name)
	if err := json.Unmarshal(body, &d.rest); err != nil {
		return nil, fmt.Errorf("%w: package document: %v", content.ErrInvalid, err)
	}
	for field, into := range map[string]any{"name": &d.Name, "versions": &d.Versions, "dist-tags": &d.Tags, "time": &d.Time} {
		if raw, ok := d.rest[field]; ok && string(raw) != "null" {
			if err := json.Unmarshal(raw, into); err != nil {
				return nil, fmt.Errorf("%w: package document: field %s: %v", content.ErrInvalid, field, err)
			}
		}
		delete(d.rest, field)
	}
	return d, nil
}

func readDocument(ctx context.Context, source content.Source, name string) (*document, error) {
	opened, err := source.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	body, err := io.ReadAll(io.LimitReader(opened.File, maxDocument))
	if err != nil {
		return nil, err
	}
	return parseDocument(name, body)
}

func (d *document) MarshalJSON() ([]byte, error) {
	all := map[string]any{"_id": d.Name, "_rev": "1", "name": d.Name, "versions": d.Versions, "dist-tags": d.Tags, "time": d.Time}
	for field, raw := range d.rest {
		if _, own := all[field]; !own {
			all[field] = raw
		}
	}
	return json.Marshal(all)
}

// drop removes a version and its tags; latest moves to the highest remaining version.
func (d *document) drop(version string) {
	delete(d.Versions, version)
	delete(d.Time, version)
	for tag, tagged := range d.Tags {
		if tagged == version {
			delete(d.Tags, tag)
		}
	}
	d.completeTags()
}

// completeTags adds a missing tag latest, without which npm cannot install a package.
func (d *document) completeTags() {
	if _, ok := d.Tags["latest"]; ok {
		return
	}
	highest := ""
	for version := range d.Versions {
		if highest == "" || higher(version, highest) {
			highest = version
		}
	}
	if highest != "" {
		d.Tags["latest"] = highest
	}
}

// higher reports whether a is higher than b; releases are higher than prereleases.
func higher(a, b string) bool {
	if pre := semver.Prerelease("v"+a) != ""; pre != (semver.Prerelease("v"+b) != "") {
		return !pre
	}
	return semver.Compare("v"+a, "v"+b) > 0
}

func (d *document) touch(version string) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	if d.Time["created"] == nil {
		d.Time["created"] = now
	}
	d.Time["modified"] = now
	if version != "" {
		d.Time[version] = now
	}
}

type distribution struct {
	Dist struct {
		Tarball   string `json:"tarball"`
		Shasum    string `json:"shasum"`
		Integrity string `json:"integrity"`
	} `json:"dist"`
}

// archiveOf is the file name of the archive of a version.
func archiveOf(version json.RawMessage) string {
	var d distribution
	if json.Unmarshal(version, &d) != nil || d.Dist.Tarball == "" {
		return ""
	}
	return path.Base(d.Dist.Tarball)
}

// withArchive sets the address of the archive of a version.
func withArchive(version json.RawMessage, address string) (json.RawMessage, error) {
	return withDist(version, map[string]string{"tarball": address})
}

func withDist(version json.RawMessage, values map[string]string) (json.RawMessage, error) {
	fields, dist := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(version, &fields); err != nil {
		return nil, fmt.Errorf("%w: version document: %v", content.ErrInvalid, err)
	}
	if raw, ok := fields["dist"]; ok {
		if err := json.Unmarshal(raw, &dist); err != nil {
			return nil, fmt.Errorf("%w: version document: field dist: %v", content.ErrInvalid, err)
		}
	}
	for key, value := range values {
		dist[key], _ = json.Marshal(value)
	}
	var err error
	if fields["dist"], err = json.Marshal(dist); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}
