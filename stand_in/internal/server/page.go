package server

import (
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/rest"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

type pageRow struct{ Name, Format, Type, URL, State string }

// signIn makes the browser ask for credentials, which it sends with every request from then on.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	if rest.PrincipalOf(r.Context()).Anonymous {
		challenge(w)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// servePage shows the list of the repositories that the visitor may browse.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/sign-in" {
		s.signIn(w, r)
		return
	}
	if r.URL.Path != "/" && r.URL.Path != "/index.html" {
		content.WriteStatus(w, r, http.StatusNotFound, "There is nothing at this address")
		return
	}
	principal := rest.PrincipalOf(r.Context())
	rows := []pageRow{}
	for _, record := range s.repositories.All() {
		if s.security.AllowedContent(principal, record.Format, record.Name, "", "browse") {
			state := "online"
			if !record.Online {
				state = "offline"
			}
			rows = append(rows, pageRow{record.Name, record.Format, record.Type, repositories.URL(&record, content.BaseURL(r)) + "/", state})
		}
	}
	visitor := principal.UserID
	if principal.Anonymous {
		visitor = ""
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	err := pageTemplate.Execute(w, map[string]any{"Version": s.generation.Version, "Edition": s.generation.Edition, "Visitor": visitor, "Rows": rows})
	if err != nil {
		slog.Warn("page not sent", "error", err)
	}
}
