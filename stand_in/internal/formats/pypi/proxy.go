package pypi

import (
	"context"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// proxy caches the unchanged index pages of the remote under simple/, and the files.
type proxy struct{ repository *content.Repository }

func newProxy(repository *content.Repository) proxy { return proxy{repository} }

// indexPath is the path of the index at the remote.
func (p proxy) indexPath() string {
	if configured := strings.Trim(p.repository.Text("indexPath"), "/"); configured != "" {
		return configured + "/"
	}
	return simple
}

func (p proxy) pages() content.ProxySource {
	return content.ProxySource{
		Proxy:      p.repository,
		Metadata:   func(string) bool { return true },
		RemotePath: func(file string) string { return p.indexPath() + strings.TrimPrefix(file, simple) },
	}
}

// Open fetches a file from its URL in the index, which is often on another host.
func (p proxy) Open(ctx context.Context, file string) (*content.Content, error) {
	address := file
	if project := (Format{}).Coordinates(file).Name; project != "" && p.repository.Store.Get(file) == nil {
		found, err := p.find(ctx, project, file)
		if err != nil {
			return nil, err
		}
		address = found.address
	}
	files := content.ProxySource{Proxy: p.repository, RemotePath: func(string) string { return address }}
	return files.Open(ctx, file)
}

func (p proxy) find(ctx context.Context, project, file string) (link, error) {
	links, err := p.links(ctx, project)
	if err != nil {
		return link{}, err
	}
	for _, found := range links {
		if found.path == file {
			return found, nil
		}
	}
	return link{}, content.ErrNotFound
}

func (p proxy) links(ctx context.Context, project string) ([]link, error) {
	file := simple + project + "/"
	page, err := p.pages().Open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	return readLinks(page.File, p.repository.Remote.URL+"/"+p.indexPath()+project+"/", project)
}

func (p proxy) projects(ctx context.Context) ([]string, error) {
	page, err := p.pages().Open(ctx, simple)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	var projects []string
	err = anchors(page.File, func(_ map[string]string, text string) { projects = append(projects, text) })
	return projects, err
}
