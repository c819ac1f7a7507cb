package content

import (
	"context"
	"strings"
)

// Ruled is the Source of a group's member whose routing rule lets some paths through only. A group asks its members for
// the path that it was asked for itself, and the rule sees that one.
type Ruled struct {
	Source
	Lets func(path string) bool
}

// Open answers ErrNotFound for a path that is not let through.
func (r Ruled) Open(ctx context.Context, path string) (*Content, error) {
	if r.Blocks(ctx, path) {
		return nil, ErrNotFound
	}
	return r.Source.Open(ctx, path)
}

// Blocks tells whether the request that led here is not let through; path counts where there is none.
func (r Ruled) Blocks(ctx context.Context, path string) bool {
	if below, found := strings.CutPrefix(RequesterOf(ctx).Path, "/repository/"); found {
		if _, rest, found := strings.Cut(below, "/"); found {
			path = rest
		}
	}
	return !r.Lets("/" + path)
}
