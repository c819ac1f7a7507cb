package rest

import (
	"net/http"
	"sort"
	"strconv"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/repositories"
)

const searchPage = 50

func (a *API) searchRoutes() {
	a.on(route{method: "GET", path: "/search"}, a.searchComponents)
	a.on(route{method: "GET", path: "/search/assets"}, a.searchAssets)
	a.on(route{method: "GET", path: "/search/assets/download"}, a.searchDownload)
}

// match is a found component with its matching assets.
type match struct {
	record    repositories.Record
	component blobstore.Component
	assets    []*content.Asset
	image     *dockerrepo.Image // of docker repositories, instead of assets
}

// search finds components in the repositories that the principal may browse.
func (a *API) search(c *call) ([]match, error) {
	matches := []match{}
	criteria := newSearchCriteria(c.URL.Query())
	for _, record := range a.Repositories.All() {
		if record.IsDocker() && criteria.repository(&record) && a.browsable(c, &record) {
			found, err := a.searchImages(c, record, criteria)
			if err != nil {
				return nil, err
			}
			matches = append(matches, found...)
			continue
		}
		if record.Type == content.Group || !criteria.repository(&record) || !a.browsable(c, &record) {
			continue
		}
		err := a.Repositories.Assets(record).ComponentsAfter(0, func(component blobstore.Component, assets []*content.Asset) bool {
			if fitting := criteria.assets(assets); criteria.component(component) && len(fitting) > 0 {
				matches = append(matches, match{record: record, component: component, assets: fitting})
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	criteria.sort(matches)
	return matches, nil
}

// pageOf returns the range of a page and the token of the next page.
func pageOf(c *call, total int) (from, to int, token string, err error) {
	if sent := c.query("continuationToken"); sent != "" {
		if from, err = strconv.Atoi(sent); err != nil || from < 0 {
			return 0, 0, "", problem.Status(http.StatusNotAcceptable)
		}
	}
	from = min(from, total)
	to = min(from+searchPage, total)
	if to < total {
		token = strconv.Itoa(to)
	}
	return from, to, token, nil
}

func (a *API) searchComponents(c *call) (answer, error) {
	matches, err := a.search(c)
	if err != nil {
		return answer{}, err
	}
	from, to, token, err := pageOf(c, len(matches))
	if err != nil {
		return answer{}, err
	}
	items := []map[string]any{}
	for i := from; i < to; i++ {
		found := &matches[i]
		if found.image != nil {
			items = append(items, showImage(c, &found.record, *found.image))
			continue
		}
		shown := showComponent(c, &found.record, found.component, found.assets)
		for _, asset := range shown["assets"].([]map[string]any) {
			asset["blobCreated"] = nil // not in the search index
		}
		items = append(items, shown)
	}
	return ok(page(items, token)), nil
}

func (a *API) foundAssets(c *call) ([]map[string]any, error) {
	matches, err := a.search(c)
	if err != nil {
		return nil, err
	}
	items := []map[string]any{}
	for i := range matches {
		if image := matches[i].image; image != nil {
			items = append(items, showManifest(c, &matches[i].record, *image))
		}
		for _, asset := range matches[i].assets {
			shown := showAsset(c, &matches[i].record, asset)
			shown["blobCreated"] = nil
			items = append(items, shown)
		}
	}
	return items, nil
}

func (a *API) searchAssets(c *call) (answer, error) {
	found, err := a.foundAssets(c)
	if err != nil {
		return answer{}, err
	}
	from, to, token, err := pageOf(c, len(found))
	return ok(page(found[from:to], token)), err
}

func (a *API) searchDownload(c *call) (answer, error) {
	found, err := a.foundAssets(c)
	switch {
	case err != nil:
		return answer{}, err
	case len(found) == 0:
		return answer{}, &problem.Text{Status: http.StatusNotFound, Message: "Asset search returned no results"}
	case len(found) > 1 && c.query("sort") == "":
		return answer{}, &problem.Text{Status: http.StatusBadRequest, Message: "Search returned multiple assets, please refine search criteria " +
			"to find a single asset or use the sort query parameter to retrieve the first result."}
	}
	address := c.baseURL() + "/repository/" + found[0]["repository"].(string) + content.EscapePath(found[0]["path"].(string))
	return answer{status: http.StatusFound, header: map[string]string{"Location": address}}, nil
}

func sortMatches(matches []match, key func(match) string, descending bool) {
	sort.SliceStable(matches, func(i, j int) bool {
		if descending {
			i, j = j, i
		}
		return key(matches[i]) < key(matches[j])
	})
}
