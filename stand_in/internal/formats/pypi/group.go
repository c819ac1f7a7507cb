package pypi

import (
	"context"
	"errors"
	"maps"
	"slices"

	"repository-store/nexus-stand-in/internal/content"
)

// group merges the indexes of its members, and serves a file from the first member that has it.
type group struct{ content.FirstSource }

func (g group) links(ctx context.Context, project string) ([]link, error) {
	var merged []link
	known := map[string]bool{}
	err := g.each(ctx, func(member index) error {
		links, err := member.links(ctx, project)
		for _, one := range links {
			if !known[one.path] {
				known[one.path] = true
				merged = append(merged, one)
			}
		}
		return err
	})
	if len(merged) > 0 {
		return merged, nil
	}
	return nil, err
}

func (g group) projects(ctx context.Context) ([]string, error) {
	known := map[string]bool{}
	err := g.each(ctx, func(member index) error {
		projects, err := member.projects(ctx)
		for _, project := range projects {
			known[project] = true
		}
		return err
	})
	if len(known) == 0 && !errors.Is(err, content.ErrNotFound) {
		return nil, err
	}
	return slices.Sorted(maps.Keys(known)), nil
}

// each calls ask for all members. It returns the error of a failed member, or else ErrNotFound.
func (g group) each(ctx context.Context, ask func(index) error) error {
	failure := content.ErrNotFound
	for _, member := range g.Group.Members() {
		source, ok := member.Source.(index)
		if ruled, is := member.Source.(content.Ruled); is && !ruled.Blocks(ctx, "") {
			source, ok = ruled.Source.(index)
		}
		if !ok {
			continue
		}
		if err := ask(source); err != nil && !errors.Is(err, content.ErrNotFound) {
			failure = err
		}
	}
	return failure
}
