package npm

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// found is a package as npm search shows it.
type found struct {
	Package struct {
		Name        string            `json:"name"`
		Version     string            `json:"version"`
		Description string            `json:"description,omitempty"`
		Keywords    []string          `json:"keywords,omitempty"`
		Date        string            `json:"date,omitempty"`
		Links       map[string]string `json:"links"`
		Maintainers []any             `json:"maintainers"`
	} `json:"package"`
	Score struct {
		Final  float64            `json:"final"`
		Detail map[string]float64 `json:"detail"`
	} `json:"score"`
	SearchScore float64 `json:"searchScore"`
}

type searchAnswer struct {
	Objects []json.RawMessage `json:"objects"`
	Total   int               `json:"total"`
	Time    string            `json:"time,omitempty"`
}

const (
	defaultSearchSize = 20
	maxSearchSize     = 250
)

func (h *handler) serveSearch(w http.ResponseWriter, r *http.Request) {
	all := search(r.Context(), h.repository, r.URL.RawQuery, strings.ToLower(r.URL.Query().Get("text")))
	from := min(number(r, "from", 0), len(all))
	size := min(number(r, "size", defaultSearchSize), maxSearchSize, len(all)-from)
	writeJSON(w, http.StatusOK, searchAnswer{Objects: append([]json.RawMessage{}, all[from:from+size]...), Total: len(all)})
}

func number(r *http.Request, parameter string, absent int) int {
	value, err := strconv.Atoi(r.URL.Query().Get(parameter))
	if err != nil || value < 0 {
		return absent
	}
	return value
}

// search searches hosted repositories and the remotes of proxies; it skips a remote that fails.
func search(ctx context.Context, repository *content.Repository, query, text string) []json.RawMessage {
	switch repository.Type {
	case content.Proxy:
		return searchRemote(ctx, repository, query)
	case content.Hosted:
		return searchStore(ctx, repository, text)
	}
	var all []json.RawMessage
	known := map[string]bool{}
	for _, member := range repository.Members() {
		for _, object := range search(ctx, member, query, text) {
			var one found
			if json.Unmarshal(object, &one) == nil && !known[one.Package.Name] {
				known[one.Package.Name] = true
				all = append(all, object)
			}
		}
	}
	return all
}

func searchRemote(ctx context.Context, proxy *content.Repository, query string) []json.RawMessage {
	body, err := content.Fetch(ctx, proxy, proxy.Remote.URL+"/-/v1/search?"+query)
	if err != nil {
		return nil
	}
	defer body.Close()
	var answer searchAnswer
	if json.NewDecoder(io.LimitReader(body, maxDocument)).Decode(&answer) != nil {
		return nil
	}
	return answer.Objects
}

func searchStore(ctx context.Context, repository *content.Repository, text string) (objects []json.RawMessage) {
	var names []string
	err := repository.Store.List("", func(asset *content.Asset) bool {
		if !strings.Contains(asset.Path, "/-/") {
			names = append(names, asset.Path)
		}
		return true
	})
	if err != nil {
		return nil
	}
	for _, name := range names {
		stored, err := readDocument(ctx, repository.Source, name)
		if err != nil {
			continue // deleted concurrently
		}
		if object, ok := stored.matches(text); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

func (d *document) matches(text string) (json.RawMessage, bool) {
	one := found{}
	version := d.Tags["latest"]
	_ = json.Unmarshal(d.Versions[version], &one.Package) // a field of another type is not shown
	one.Package.Name, one.Package.Version = d.Name, version
	one.Package.Date, _ = d.Time[version].(string)
	one.Package.Links, one.Package.Maintainers = map[string]string{}, []any{}
	one.Score.Final, one.SearchScore = 1, 1
	one.Score.Detail = map[string]float64{"quality": 1, "popularity": 1, "maintenance": 1}
	where := strings.ToLower(d.Name + " " + one.Package.Description + " " + strings.Join(one.Package.Keywords, " "))
	if !strings.Contains(where, text) {
		return nil, false
	}
	object, err := json.Marshal(one)
	return object, err == nil
}
