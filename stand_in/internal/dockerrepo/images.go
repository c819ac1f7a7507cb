package dockerrepo

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/distribution/distribution/v3"
	"github.com/distribution/distribution/v3/registry/storage/driver"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// names lists the stored image names, sorted.
func (g *registry) names(ctx context.Context) ([]string, error) {
	ctx = g.context(ctx)
	var all []string
	page, last := make([]string, 1000), ""
	for {
		count, err := g.namespace.Repositories(ctx, page, last)
		all = append(all, page[:count]...)
		var missing driver.PathNotFoundError
		if errors.Is(err, io.EOF) || errors.As(err, &missing) || err == nil && count == 0 {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		last = page[count-1]
	}
}

func (g *registry) searchImages(ctx context.Context, term string) ([]searchResult, error) {
	names, err := g.names(ctx)
	if err != nil {
		return nil, err
	}
	var found []searchResult
	for _, name := range names {
		if strings.Contains(name, term) {
			found = append(found, searchResult{Name: name})
		}
	}
	return found, nil
}

// Images lists the stored tags.
func (g *registry) Images(ctx context.Context) ([]Image, error) {
	names, err := g.names(ctx)
	if err != nil {
		return nil, err
	}
	ctx = g.context(ctx)
	var all []Image
	for _, name := range names {
		image, err := g.image(ctx, name)
		if err != nil {
			return nil, err
		}
		tags, err := image.Tags(ctx).All(ctx)
		if err != nil {
			continue // only untagged manifests, or deleted concurrently
		}
		for _, tag := range tags {
			if found, ok := g.describe(ctx, image, tag); ok {
				all = append(all, found)
			}
		}
	}
	return all, nil
}

func (g *registry) describe(ctx context.Context, image distribution.Repository, tag string) (Image, bool) {
	descriptor, err := image.Tags(ctx).Get(ctx, tag)
	if err != nil {
		return Image{}, false
	}
	found := Image{Name: image.Named().Name(), Tag: tag, Digest: descriptor.Digest.String()}
	found.Modified, _ = g.taggedAt(ctx, found.Name, tag)
	manifests, err := image.Manifests(ctx)
	if err != nil {
		return Image{}, false
	}
	manifest, err := manifests.Get(ctx, descriptor.Digest)
	if err != nil {
		return Image{}, false
	}
	_, payload, err := manifest.Payload()
	found.Size = int64(len(payload)) + sizes(manifest.References())
	return found, err == nil
}

func sizes(descriptors []v1.Descriptor) (sum int64) {
	for _, descriptor := range descriptors {
		sum += descriptor.Size
	}
	return sum
}

// taggedAt is when a tag was last written or, in a proxy, verified; ctx comes from registry.context.
func (g *registry) taggedAt(ctx context.Context, name, tag string) (time.Time, error) {
	info, err := g.root.Stat(ctx, "/docker/registry/v2/repositories/"+name+"/_manifests/tags/"+tag+"/current/link")
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
