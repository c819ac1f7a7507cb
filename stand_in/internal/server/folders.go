package server

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/rest"
)

const foldersPath = "/service/rest/repository/browse/"

// serveFolder lists a folder of a repository as a page of links.
func (s *Server) serveFolder(w http.ResponseWriter, r *http.Request) {
	name, folder, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, foldersPath), "/")
	record, exists := s.repositories.Find(name)
	principal := rest.PrincipalOf(r.Context())
	switch {
	case name == "":
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case !strings.HasSuffix(r.URL.Path, "/"):
		w.Header().Set("Location", content.BaseURL(r)+r.URL.EscapedPath()+"/")
		w.WriteHeader(http.StatusSeeOther)
		return
	case !exists || record.IsDocker():
		w.WriteHeader(http.StatusNotFound)
		return
	}
	entries := map[string]bool{}
	for _, store := range s.repositories.Listed(record) {
		err := store.List(folder, func(asset *content.Asset) bool {
			if s.security.AllowedContent(principal, record.Format, record.Name, "/"+asset.Path, "browse") {
				entry, _, below := strings.Cut(strings.TrimPrefix(asset.Path, folder), "/")
				entries[entry+map[bool]string{true: "/"}[below]] = true
			}
			return true
		})
		if err != nil {
			content.WriteError(w, r, err)
			return
		}
	}
	if len(entries) == 0 && !(folder == "" && s.security.AllowedContent(principal, record.Format, record.Name, "", "browse")) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html;charset=utf-8")
	writeFolder(w, folder, entries)
}

func writeFolder(w http.ResponseWriter, folder string, entries map[string]bool) {
	title := html.EscapeString("Index of /" + strings.TrimSuffix(folder, "/"))
	fmt.Fprintf(w, "\n<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>%[1]s</title></head>\n<body class=\"htmlIndex\">\n<h1>%[1]s</h1>\n<table>\n", title)
	names := []string{}
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	if folder != "" {
		fmt.Fprint(w, "<tr><td><a href=\"../\">Parent Directory</a></td></tr>\n")
	}
	for _, name := range names {
		shown := strings.TrimSuffix(name, "/")
		fmt.Fprintf(w, "<tr><td><a href=\"%s\">%s</a></td></tr>\n", url.PathEscape(shown)+name[len(shown):], html.EscapeString(shown))
	}
	fmt.Fprint(w, "</table>\n</body>\n</html>\n")
}
