package rest

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

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

// match is a found component with all of its assets.
type match struct {
	record    repositories.Record
	component blobstore.Component
	assets    []*content.Asset
	image     *dockerrepo.Image // of docker repositories, instead of assets
	document  *document
}

// search finds components in the repositories that are online, as far as the principal may browse them.
func (a *API) search(c *call) ([]match, *searchCriteria, error) {
	wanted, err := newCriteria(c.URL.Query(), a.leafMembers)
	if err != nil {
		return nil, nil, err
	}
	matches := []match{}
	all := a.Repositories.All()
	groups := a.groupsByMember(all)
	for _, record := range all {
		if record.Type == content.Group && !record.IsDocker() || !record.Online {
			continue
		}
		shown := a.shownTo(c, record.Format, append(groups[record.Name], record.Name))
		if shown == nil {
			continue
		}
		found, err := a.searchIn(c, record, wanted, shown)
		if err != nil {
			return nil, nil, err
		}
		matches = append(matches, found...)
	}
	return matches, wanted, wanted.sort(matches)
}

func (a *API) searchIn(c *call, record repositories.Record, wanted *searchCriteria, shown func(path string) bool) (matches []match, err error) {
	if record.IsDocker() {
		return a.searchImages(c, record, wanted, shown)
	}
	err = a.Repositories.Assets(record).ComponentsAfter(0, func(component blobstore.Component, assets []*content.Asset) bool {
		found := match{record: record, component: component, assets: assets, document: newDocument(&record, component, assets)}
		if len(assets) > 0 && shown("/"+assets[0].Path) && wanted.matches(found.document) {
			matches = append(matches, found)
		}
		return true
	})
	return matches, err
}

// shownTo returns whether the requester's search shows a component, by the path of its first asset: who may browse that in
// the repository or in a group with it sees the component with all assets (ContentAuthPluginScript of the core's source).
// It is nil if no path may be browsed in any of them.
func (a *API) shownTo(c *call, format string, names []string) func(path string) bool {
	mayBrowse := func(path string) func(name string) bool {
		return func(name string) bool { return a.Security.AllowedContent(c.principal, format, name, path, "browse") }
	}
	if !slices.ContainsFunc(names, mayBrowse("")) {
		return nil
	}
	return func(path string) bool { return slices.ContainsFunc(names, mayBrowse(path)) }
}

// groupsByMember are the groups that each repository is in, directly or through another group.
func (a *API) groupsByMember(all []repositories.Record) map[string][]string {
	found := map[string][]string{}
	for _, group := range all {
		if group.Type != content.Group {
			continue
		}
		for _, member := range a.leafMembers(group.Name) {
			found[member] = append(found[member], group.Name)
		}
	}
	return found
}

// leafMembers are the repositories in a group and in the groups in it, nil for other repositories.
func (a *API) leafMembers(name string) []string {
	group, exists := a.Repositories.Find(name)
	if !exists || group.Type != content.Group || group.IsDocker() {
		return nil
	}
	names := []string{}
	for _, member := range group.Members() {
		if inner := a.leafMembers(member); inner != nil {
			names = append(names, inner...)
			continue
		}
		names = append(names, member)
	}
	return names
}

// pageOf returns the range of a page and the token of the next page.
func pageOf(c *call, total int) (from, to int, token string, err error) {
	if sent := c.query("continuationToken"); sent != "" {
		decoded, wrong := hex.DecodeString(sent)
		if wrong != nil {
			return 0, 0, "", badToken(sent)
		}
		if from, err = strconv.Atoi(string(decoded)); err != nil || from < 0 {
			return 0, 0, "", problem.Status(http.StatusNotAcceptable)
		}
	}
	from = min(from, total)
	to = min(from+searchPage, total)
	if to-from == searchPage { // also if nothing follows
		token = hex.EncodeToString([]byte(strconv.Itoa(to)))
	}
	return from, to, token, nil
}

func badToken(sent string) error {
	text := fmt.Sprintf("Invalid input length %d", len(sent))
	if at := strings.IndexFunc(sent, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }); at >= 0 && len(sent)%2 == 0 {
		text = "Unrecognized character: " + string([]rune(sent[at:])[:1])
	}
	return &problem.Fault{Class: "java.lang.IllegalArgumentException", Message: "com.google.common.io.BaseEncoding$DecodingException: " + text}
}

func (a *API) searchComponents(c *call) (answer, error) {
	matches, _, err := a.search(c)
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

// foundAssets returns a page of the assets, which has those of a page of components.
func (a *API) foundAssets(c *call) ([]map[string]any, string, error) {
	matches, wanted, err := a.search(c)
	if err != nil {
		return nil, "", err
	}
	from, to, token, err := pageOf(c, len(matches))
	if err != nil {
		return nil, "", err
	}
	items := []map[string]any{}
	for i := from; i < to; i++ {
		if image := matches[i].image; image != nil {
			items = append(items, showManifest(c, &matches[i].record, *image))
		}
		for _, asset := range matches[i].assets {
			if wanted.asset(matches[i].record.Format, asset) {
				shown := showAsset(c, &matches[i].record, asset)
				shown["blobCreated"] = nil
				items = append(items, shown)
			}
		}
	}
	return items, token, nil
}

func (a *API) searchAssets(c *call) (answer, error) {
	found, token, err := a.foundAssets(c)
	return ok(page(found, token)), err
}

func (a *API) searchDownload(c *call) (answer, error) {
	found, _, err := a.foundAssets(c)
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
