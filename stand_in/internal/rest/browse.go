package rest

import (
	"cmp"
	"encoding/base64"
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

const browsePage = 100

func (a *API) browseRoutes() {
	a.on(route{method: "GET", path: "/components"}, a.listComponents)
	a.on(route{method: "GET", path: "/assets"}, a.listAssets)
	a.on(route{method: "GET", path: "/components/{id}"}, a.onStored(showImage, a.getComponent))
	a.on(route{method: "GET", path: "/assets/{id}"}, a.onStored(showManifest, a.getAsset))
	a.on(route{method: "DELETE", path: "/components/{id}"}, a.onStored(showImage, a.deleteComponent))
	a.on(route{method: "DELETE", path: "/assets/{id}"}, a.onStored(showManifest, a.deleteAsset))
}

func page(items any, token string) map[string]any {
	return map[string]any{"items": items, "continuationToken": textOrNull(token)}
}

// stored returns the repository of a list request and the number after which the page begins.
func (a *API) stored(c *call) (*repositories.Record, uint64, error) {
	name := c.query("repository")
	if name == "" {
		return nil, 0, problem.Status(http.StatusUnprocessableEntity)
	}
	record, exists := a.Repositories.Find(name)
	if !exists {
		return nil, 0, notFound
	}
	if !a.browsable(c, &record) && !a.readable(c, &record) {
		return nil, 0, forbidden
	}
	token := c.query("continuationToken")
	if token == "" {
		return &record, 0, nil
	}
	after, err := strconv.ParseUint(token, 16, 64)
	if err != nil {
		return nil, 0, &problem.Fault{Class: "java.lang.NumberFormatException", Message: `For input string: "` + token + `"`}
	}
	return &record, after, nil
}

// visible reports whether the requester may see a path of a repository, or a component with that name.
func (a *API) visible(c *call, record *repositories.Record, path string) bool {
	return a.Security.AllowedContent(c.principal, record.Format, record.Name, path, "read") ||
		a.Security.AllowedContent(c.principal, record.Format, record.Name, path, "browse")
}

// numbered is an entry of a list of components or assets.
type numbered struct {
	number uint64
	shown  map[string]any
}

// firstPage returns the first page of the entries of all stores, in the order of their creation.
func firstPage(found []numbered) map[string]any {
	slices.SortFunc(found, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
	token := ""
	if len(found) > browsePage {
		found, token = found[:browsePage], strconv.FormatUint(found[browsePage-1].number, 16)
	}
	items := make([]map[string]any, len(found))
	for i, one := range found {
		items[i] = one.shown
	}
	return page(items, token)
}

func (a *API) listComponents(c *call) (answer, error) {
	record, after, err := a.stored(c)
	if err != nil {
		return answer{}, err
	}
	if record.IsDocker() {
		return a.listImages(c, record, showImage)
	}
	var found []numbered
	for _, store := range a.Repositories.Listed(*record) {
		enough := len(found) + browsePage
		err := store.ComponentsAfter(after, func(component blobstore.Component, assets []*content.Asset) bool {
			if a.visible(c, record, component.Coordinates.Name) {
				found = append(found, numbered{component.Number, showComponent(c, record, component, assets)})
			}
			return len(found) <= enough
		})
		if err != nil {
			return answer{}, err
		}
	}
	return ok(firstPage(found)), nil
}

func (a *API) listAssets(c *call) (answer, error) {
	record, after, err := a.stored(c)
	if err != nil {
		return answer{}, err
	}
	if record.IsDocker() {
		return a.listImages(c, record, showManifest)
	}
	var found []numbered
	for _, store := range a.Repositories.Listed(*record) {
		enough := len(found) + browsePage
		err := store.AssetsAfter(after, func(asset *content.Asset) bool {
			if a.visible(c, record, "/"+asset.Path) {
				found = append(found, numbered{asset.Number, showAsset(c, record, asset)})
			}
			return len(found) <= enough
		})
		if err != nil {
			return answer{}, err
		}
	}
	return ok(firstPage(found)), nil
}

func storedID(repository string, number uint64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(repository + ":" + strconv.FormatUint(number, 16)))
}

// onStored resolves an id: 422 if it is malformed, 404 if nothing has it. The id of a group stands for the content of a
// member.
func (a *API) onStored(show func(*call, *repositories.Record, dockerrepo.Image) map[string]any,
	handle func(c *call, record *repositories.Record, number uint64) (answer, error)) endpoint {
	return func(c *call) (answer, error) {
		decoded, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(c.param("id"), "="))
		name, digits, found := strings.Cut(string(decoded), ":")
		if err != nil || !found {
			return answer{}, problem.Status(http.StatusUnprocessableEntity)
		}
		record, exists := a.Repositories.Find(name)
		if !exists {
			return answer{}, notFound
		}
		if !a.browsable(c, &record) && !a.readable(c, &record) {
			return answer{}, forbidden
		}
		if record.IsDocker() {
			if c.Method == http.MethodDelete && !a.deletable(c, &record, "") {
				return answer{}, forbidden
			}
			return a.onImage(c, &record, c.param("id"), show)
		}
		number, err := strconv.ParseUint(digits, 16, 64)
		if err != nil {
			return answer{}, notFound
		}
		return handle(c, &record, number)
	}
}

func (a *API) deletable(c *call, record *repositories.Record, path string) bool {
	return a.Security.AllowedContent(c.principal, record.Format, record.Name, path, "delete")
}

// component finds a component by its number, with its store and assets.
func (a *API) component(c *call, record *repositories.Record, number uint64) (*blobstore.Assets, *blobstore.Component, []*content.Asset) {
	for _, store := range a.Repositories.Listed(*record) {
		if component, assets := store.ComponentNumbered(number); component != nil && a.visible(c, record, component.Coordinates.Name) {
			return store, component, assets
		}
	}
	return nil, nil, nil
}

func (a *API) asset(c *call, record *repositories.Record, number uint64) (*blobstore.Assets, *content.Asset) {
	for _, store := range a.Repositories.Listed(*record) {
		if asset := store.AssetNumbered(number); asset != nil && a.visible(c, record, "/"+asset.Path) {
			return store, asset
		}
	}
	return nil, nil
}

func (a *API) getComponent(c *call, record *repositories.Record, number uint64) (answer, error) {
	_, component, assets := a.component(c, record, number)
	if component == nil {
		return answer{}, notFound
	}
	return ok(showComponent(c, record, *component, assets)), nil
}

func (a *API) getAsset(c *call, record *repositories.Record, number uint64) (answer, error) {
	_, asset := a.asset(c, record, number)
	if asset == nil {
		return answer{}, notFound
	}
	return ok(showAsset(c, record, asset)), nil
}

func (a *API) deleteComponent(c *call, record *repositories.Record, number uint64) (answer, error) {
	store, component, assets := a.component(c, record, number)
	if component == nil {
		return answer{}, notFound
	}
	return a.deleteAssets(c, record, store, assets)
}

func (a *API) deleteAsset(c *call, record *repositories.Record, number uint64) (answer, error) {
	store, asset := a.asset(c, record, number)
	if asset == nil {
		return answer{}, notFound
	}
	return a.deleteAssets(c, record, store, []*content.Asset{asset})
}

// deleteAssets deletes assets; in a group this works for Maven only.
func (a *API) deleteAssets(c *call, record *repositories.Record, store *blobstore.Assets, assets []*content.Asset) (answer, error) {
	for _, asset := range assets {
		if !a.deletable(c, record, "/"+asset.Path) {
			return answer{}, forbidden
		}
	}
	if record.Type == content.Group && record.Format != "maven2" {
		return answer{}, &problem.Fault{Class: "org.sonatype.nexus.repository.IllegalOperationException",
			Message: "Deleting from repository " + record.Name + " of type " + record.Format + " is not supported"}
	}
	for _, asset := range assets {
		if _, err := store.Delete(asset.Path); err != nil {
			return answer{}, err
		}
	}
	return done()
}
