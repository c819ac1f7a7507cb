package dockerrepo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const maxListSize = 16 << 20

// serveList forwards the remote's list of tags or referrers; if that fails, it lists the tags in the cache.
func (p *proxy) serveList(w http.ResponseWriter, r *http.Request, route route) {
	response, err := p.remote.get(r.Context(), http.MethodGet, route, r.URL.RawQuery, nil)
	if err != nil {
		if route.kind == kindTags && p.registry.hasTags(r.Context(), route.name) {
			p.registry.ServeHTTP(w, r)
			return
		}
		serveFailure(w, route, err)
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxListSize))
	if err != nil {
		serveFailure(w, route, p.remote.transportFailed(r.Context(), err))
		return
	}
	w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	if query, more := nextPage(response.Header); more {
		w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, route.path(), query))
	}
	_, _ = w.Write(body) // fails only if the client is gone
}

// nextPage returns the query of the next page from a Link header.
func nextPage(header http.Header) (query string, more bool) {
	target, relation, ok := strings.Cut(header.Get("Link"), ";")
	if !ok || !strings.Contains(relation, "next") {
		return "", false
	}
	next, err := url.Parse(strings.Trim(strings.TrimSpace(target), "<>"))
	if err != nil {
		return "", false
	}
	return next.RawQuery, true
}

func (g *registry) hasTags(ctx context.Context, name string) bool {
	ctx = g.context(ctx)
	image, err := g.image(ctx, name)
	if err != nil {
		return false
	}
	tags, err := image.Tags(ctx).All(ctx)
	return err == nil && len(tags) > 0
}

// search asks the index of the remote; if that fails, it searches the cache.
func (p *proxy) search(ctx context.Context, term string) ([]searchResult, error) {
	if found, err := p.searchIndex(ctx, term); err == nil {
		return found, nil
	}
	return p.registry.searchImages(ctx, term)
}

func (p *proxy) indexURL() string {
	dockerProxy, _ := p.repo.Section["dockerProxy"].(map[string]any)
	if index, _ := dockerProxy["indexUrl"].(string); index != "" {
		return strings.TrimRight(index, "/")
	}
	return p.repo.Remote.URL
}

func (p *proxy) searchIndex(ctx context.Context, term string) ([]searchResult, error) {
	if p.repo.Remote.Blocked || p.repo.State.Blocked() {
		return nil, errBlocked
	}
	query := url.Values{"q": {term}, "n": {fmt.Sprint(maxSearchPage)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.indexURL()+"/v1/search?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	response, err := p.remote.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the index answered %d", response.StatusCode)
	}
	var answer searchAnswer
	err = json.NewDecoder(io.LimitReader(response.Body, maxListSize)).Decode(&answer)
	return answer.Results, err
}
