package rest

import (
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
	a.on(route{method: "GET", path: "/components/{id}"}, a.onStored("read", showImage, a.getComponent))
	a.on(route{method: "GET", path: "/assets/{id}"}, a.onStored("read", showManifest, a.getAsset))
	a.on(route{method: "DELETE", path: "/components/{id}"}, a.onStored("delete", showImage, a.deleteComponent))
	a.on(route{method: "DELETE", path: "/assets/{id}"}, a.onStored("delete", showManifest, a.deleteAsset))
}

func page(items any, token string) map[string]any {
	return map[string]any{"items": items, "continuationToken": textOrNull(token)}
}

// stored finds the repository of a list request and the number after which to go on.
func (a *API) stored(c *call) (*repositories.Record, uint64, error) {
	name := c.query("repository")
	if name == "" {
		return nil, 0, problem.Status(http.StatusUnprocessableEntity)
	}
	record, exists := a.Repositories.Find(name)
	if !exists {
		return nil, 0, notFound
	}
	if !a.readable(c, &record) {
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

// seen tells whether the content selectors of who asks let an asset be listed.
func (a *API) seen(c *call, record *repositories.Record, asset *content.Asset) bool {
	return a.Security.AllowedContent(c.principal, record.Format, record.Name, "/"+asset.Path, "read")
}

func (a *API) listComponents(c *call) (answer, error) {
	record, after, err := a.stored(c)
	if err != nil {
		return answer{}, err
	}
	if record.IsDocker() {
		return a.listImages(c, record, showImage)
	}
	items, token := []map[string]any{}, ""
	last := after
	err = a.Repositories.Assets(*record).ComponentsAfter(after, func(component blobstore.Component, assets []*content.Asset) bool {
		if len(assets) > 0 && !slices.ContainsFunc(assets, func(asset *content.Asset) bool { return a.seen(c, record, asset) }) {
			return true
		}
		if len(items) == browsePage {
			token = strconv.FormatUint(last, 16)
			return false
		}
		items, last = append(items, showComponent(c, record, component, assets)), component.Number
		return true
	})
	return ok(page(items, token)), err
}

func (a *API) listAssets(c *call) (answer, error) {
	record, after, err := a.stored(c)
	if err != nil {
		return answer{}, err
	}
	if record.IsDocker() {
		return a.listImages(c, record, showManifest)
	}
	items, token := []map[string]any{}, ""
	last := after
	err = a.Repositories.Assets(*record).AssetsAfter(after, func(asset *content.Asset) bool {
		if !a.seen(c, record, asset) {
			return true
		}
		if len(items) == browsePage {
			token = strconv.FormatUint(last, 16)
			return false
		}
		items, last = append(items, showAsset(c, record, asset)), asset.Number
		return true
	})
	return ok(page(items, token)), err
}

func storedID(repository string, number uint64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(repository + ":" + strconv.FormatUint(number, 16)))
}

// onStored finds what an id stands for: 422 when it is no id, 404 when there is nothing of that id.
func (a *API) onStored(action string, show func(*call, *repositories.Record, dockerrepo.Image) map[string]any,
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
		if !a.Security.AllowedContent(c.principal, record.Format, record.Name, "", action) {
			return answer{}, forbidden
		}
		if record.IsDocker() {
			return a.onImage(c, &record, c.param("id"), show)
		}
		number, err := strconv.ParseUint(digits, 16, 64)
		if err != nil {
			return answer{}, notFound
		}
		return handle(c, &record, number)
	}
}

func (a *API) getComponent(c *call, record *repositories.Record, number uint64) (answer, error) {
	component, assets := a.Repositories.Assets(*record).ComponentNumbered(number)
	if component == nil {
		return answer{}, notFound
	}
	return ok(showComponent(c, record, *component, assets)), nil
}

func (a *API) getAsset(c *call, record *repositories.Record, number uint64) (answer, error) {
	asset := a.Repositories.Assets(*record).AssetNumbered(number)
	if asset == nil {
		return answer{}, notFound
	}
	return ok(showAsset(c, record, asset)), nil
}

func (a *API) deleteComponent(c *call, record *repositories.Record, number uint64) (answer, error) {
	store := a.Repositories.Assets(*record)
	component, assets := store.ComponentNumbered(number)
	if component == nil {
		return answer{}, notFound
	}
	for _, asset := range assets {
		if _, err := store.Delete(asset.Path); err != nil {
			return answer{}, err
		}
	}
	return done()
}

func (a *API) deleteAsset(c *call, record *repositories.Record, number uint64) (answer, error) {
	store := a.Repositories.Assets(*record)
	asset := store.AssetNumbered(number)
	if asset == nil {
		return answer{}, notFound
	}
	_, err := store.Delete(asset.Path)
	return orDone(err)
}
