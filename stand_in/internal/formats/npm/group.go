package npm

import (
	"context"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// groupSource merges the documents of the members, and serves archives from the first member that has them.
type groupSource struct{ content.FirstSource }

func (g groupSource) Open(ctx context.Context, file string) (*content.Content, error) {
	if strings.Contains(file, "/-/") {
		return g.FirstSource.Open(ctx, file)
	}
	var merged *document
	var failure error
	for _, member := range g.Group.Members() {
		found, err := readDocument(ctx, member.Source, file)
		switch {
		case err != nil && content.Status(err) != http.StatusNotFound:
			failure = err // the others can still answer
		case err == nil && merged == nil:
			merged = found
		case err == nil:
			merged.merge(found)
		}
	}
	if merged != nil {
		return temporary(g.Group.Store, file, merged)
	}
	if failure != nil {
		return nil, failure
	}
	return nil, content.ErrNotFound
}

// merge adds what earlier members do not have; the tag latest is the highest of all members.
func (d *document) merge(other *document) {
	for version, body := range other.Versions {
		if _, known := d.Versions[version]; !known {
			d.Versions[version] = body
			d.Time[version] = other.Time[version]
		}
	}
	for tag, version := range other.Tags {
		mine, known := d.Tags[tag]
		if !known || tag == "latest" && higher(version, mine) {
			d.Tags[tag] = version
		}
	}
}
