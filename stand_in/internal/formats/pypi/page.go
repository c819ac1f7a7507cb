package pypi

import (
	"html/template"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"

	"repository-store/nexus-stand-in/internal/content"
)

// link is a file in the index of a project.
type link struct {
	path           string // packages/<name>/<version>/<file>
	address        string // of a proxy: URL at the remote
	Hash           string // sha256=...
	RequiresPython string
	Yanked         *string // the reason; nil: not yanked
}

// File is the name of the file.
func (l link) File() string { return path.Base(l.path) }

// Reference is relative to the page of the project.
func (l link) Reference() string {
	reference := "../../" + content.EscapePath(l.path)
	if l.Hash != "" {
		reference += "#" + l.Hash
	}
	return reference
}

var linksPage = template.Must(template.New("links").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta name="pypi:repository-version" content="1.0"><title>Links for {{.Project}}</title></head>
<body><h1>Links for {{.Project}}</h1>
{{range .Links}}<a href="{{.Reference}}"{{if .RequiresPython}} data-requires-python="{{.RequiresPython}}"{{end}}{{if .Yanked}} data-yanked="{{.Yanked}}"{{end}}>{{.File}}</a><br>
{{end}}</body></html>
`))

var projectsPage = template.Must(template.New("projects").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta name="pypi:repository-version" content="1.0"><title>Simple index</title></head>
<body>
{{range .}}<a href="{{.}}/">{{.}}</a><br>
{{end}}</body></html>
`))

func writeLinks(w http.ResponseWriter, project string, links []link) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = linksPage.Execute(w, struct { // fails only if the client is gone
		Project string
		Links   []link
	}{project, links})
}

func writeProjects(w http.ResponseWriter, projects []string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = projectsPage.Execute(w, projects) // fails only if the client is gone
}

// anchors visits the links of a page: attributes and text.
func anchors(page io.Reader, visit func(attributes map[string]string, text string)) error {
	tokens := html.NewTokenizer(page)
	var attributes map[string]string
	var text strings.Builder
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); err != io.EOF {
				return err
			}
			return nil
		case html.StartTagToken:
			if token := tokens.Token(); token.Data == "a" {
				attributes = map[string]string{}
				for _, attribute := range token.Attr {
					attributes[attribute.Key] = attribute.Val
				}
				text.Reset()
			}
		case html.TextToken:
			text.Write(tokens.Text())
		case html.EndTagToken:
			if token := tokens.Token(); token.Data == "a" && attributes != nil {
				visit(attributes, strings.TrimSpace(text.String()))
				attributes = nil
			}
		}
	}
}

// readLinks reads the page of a project; links are relative to address.
func readLinks(page io.Reader, address, project string) ([]link, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	var links []link
	err = anchors(page, func(attributes map[string]string, _ string) {
		target, err := base.Parse(attributes["href"])
		if err != nil {
			return // not a URL
		}
		hash := target.Fragment
		target.Fragment = ""
		file := path.Base(target.Path)
		stored, err := filePath(project, versionOf(project, file), file)
		if err != nil {
			return // a type of file that is no longer supported
		}
		found := link{path: stored, address: target.String(), Hash: hash, RequiresPython: attributes["data-requires-python"]}
		if reason, yanked := attributes["data-yanked"]; yanked {
			found.Yanked = &reason
		}
		links = append(links, found)
	})
	return links, err
}
