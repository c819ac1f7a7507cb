package dockerrepo

import (
	"context"
	"net/http"
	"strconv"

	"repository-store/nexus-stand-in/internal/content"
)

// searchResult is one image as docker search shows it.
type searchResult struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	StarCount   int    `json:"star_count"`
	IsOfficial  bool   `json:"is_official"`
	IsAutomated bool   `json:"is_automated"`
	IsTrusted   bool   `json:"is_trusted"`
}

// searchAnswer is a page of search results in the registry API version 1.
type searchAnswer struct {
	Query      string         `json:"query"`
	NumResults int            `json:"num_results"`
	NumPages   int            `json:"num_pages"`
	Page       int            `json:"page"`
	PageSize   int            `json:"page_size"`
	Results    []searchResult `json:"results"`
}

const (
	defaultSearchPage = 25
	maxSearchPage     = 100
)

// serveV1 serves the part of the registry API version 1 that docker search needs.
func serveV1(w http.ResponseWriter, r *http.Request, route route, repo *content.Repository,
	search func(ctx context.Context, term string) ([]searchResult, error)) {
	if !repo.Bool("v1Enabled", false) {
		writeError(w, http.StatusNotFound, codeUnsupported, "the registry API version 1 is not enabled for repository "+repo.Name)
		return
	}
	if !isRead(r) {
		writeError(w, http.StatusMethodNotAllowed, codeUnsupported, "the registry API version 1 is for searching only")
		return
	}
	if route.kind == kindPing {
		w.Header().Set("X-Docker-Registry-Version", "0.6.0")
		writeJSON(w, http.StatusOK, true)
		return
	}
	term := r.URL.Query().Get("q")
	found, err := search(r.Context(), term)
	if err != nil {
		writeError(w, http.StatusBadGateway, codeUnknown, err.Error())
		return
	}
	writeJSON(w, http.StatusOK, searchPage(r, term, found))
}

func searchPage(r *http.Request, term string, found []searchResult) searchAnswer {
	size := min(positive(r.URL.Query().Get("n"), defaultSearchPage), maxSearchPage)
	page := positive(r.URL.Query().Get("page"), 1)
	begin := len(found)
	if page-1 <= len(found)/size {
		begin = min((page-1)*size, len(found))
	}
	end := min(begin+size, len(found))
	return searchAnswer{
		Query: term, NumResults: len(found), NumPages: (len(found) + size - 1) / size, Page: page, PageSize: size,
		Results: append([]searchResult{}, found[begin:end]...),
	}
}

func positive(text string, otherwise int) int {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return otherwise
	}
	return number
}
