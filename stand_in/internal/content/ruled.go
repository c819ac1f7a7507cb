package content

import (
	"context"
	"strings"
)

// Ruled is the Source of a group member with a routing rule. The rule applies to the path of the request to the group.
type Ruled struct {
	Source
	Allows func(path string) bool
}

// Open returns ErrNotFound for a blocked path.
func (r Ruled) Open(ctx context.Context, path string) (*Content, error) {
	if r.Blocks(ctx, path) {
		return nil, ErrNotFound
	}
	return r.Source.Open(ctx, path)
}

// Blocks reports whether the rule blocks the path of the current request, or path if there is no request.
func (r Ruled) Blocks(ctx context.Context, path string) bool {
	if below, found := strings.CutPrefix(RequesterOf(ctx).Path, "/repository/"); found {
		if _, rest, found := strings.Cut(below, "/"); found {
			path = rest
		}
	}
	return !r.Allows("/" + path)
}
