package pypi

import (
	"context"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

const requiresPython = "requires_python"

type hosted struct{ repository *content.Repository }

func (h hosted) Open(_ context.Context, file string) (*content.Content, error) {
	return h.repository.Store.Open(file)
}

func (h hosted) links(_ context.Context, project string) ([]link, error) {
	var links []link
	err := h.repository.Store.List(packages+project+"/", func(asset *content.Asset) bool {
		links = append(links, link{path: asset.Path, Hash: "sha256=" + asset.SHA256, RequiresPython: asset.Attributes[requiresPython]})
		return true
	})
	if err == nil && len(links) == 0 {
		err = content.ErrNotFound
	}
	return links, err
}

func (h hosted) projects(context.Context) ([]string, error) {
	var projects []string
	err := h.repository.Store.List(packages, func(asset *content.Asset) bool {
		project, _, _ := strings.Cut(strings.TrimPrefix(asset.Path, packages), "/")
		if len(projects) == 0 || projects[len(projects)-1] != project { // the paths are sorted
			projects = append(projects, project)
		}
		return true
	})
	return projects, err
}
