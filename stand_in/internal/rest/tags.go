package rest

import (
	"net/http"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

var tagBody = &schema.Object{Class: "TagXO", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotBlank, Checks: []schema.Check{schema.WellFormedName}}, {Name: "attributes", Kind: schema.Free},
}}

// tagRoutes store tags; they cannot be assigned to components.
func (a *API) tagRoutes() {
	const path = "/tags"
	tags := a.Settings.Kept(settings.Tags)
	update := &schema.Object{Class: tagBody.Class, Fields: tagBody.Fields[1:]}
	a.on(route{method: "GET", path: path, need: may("tags", "read"), since: afterCore}, func(*call) (answer, error) {
		items := []map[string]any{}
		for _, tag := range tags.All() {
			items = append(items, showTag(tag))
		}
		return ok(page(items, "")), nil
	})
	a.onBody(route{method: "POST", path: path, need: may("tags", "create"), body: tagBody, since: afterCore}, func(_ *call, body schema.Values) (answer, error) {
		now := time.Now().Format(timestamp)
		body["firstCreated"], body["lastUpdated"] = now, now
		added, err := tags.Insert(body.String("name"), body)
		if err == nil && !added {
			err = problem.Status(http.StatusBadRequest)
		}
		return ok(showTag(body)), err
	})
	a.on(route{method: "GET", path: path + "/{name}", need: may("tags", "read"), since: afterCore}, a.onTag(func(tag schema.Values) (answer, error) {
		return ok(showTag(tag)), nil
	}))
	a.onBody(route{method: "PUT", path: path + "/{name}", need: may("tags", "update"), body: update, since: afterCore}, func(c *call, body schema.Values) (answer, error) {
		return a.onTag(func(tag schema.Values) (answer, error) {
			changed := schema.Values{"name": tag["name"], "attributes": body["attributes"], "firstCreated": tag["firstCreated"],
				"lastUpdated": time.Now().Format(timestamp)}
			return ok(showTag(changed)), tags.Put(tag.String("name"), changed)
		})(c)
	})
	a.on(route{method: "DELETE", path: path + "/{name}", need: may("tags", "delete"), since: afterCore}, a.onTag(func(tag schema.Values) (answer, error) {
		_, err := tags.Delete(tag.String("name"))
		return orDone(err)
	}))
}

func (a *API) onTag(handle func(schema.Values) (answer, error)) endpoint {
	return func(c *call) (answer, error) {
		tag, exists := a.Settings.Kept(settings.Tags).Get(c.param("name"))
		if !exists {
			return answer{}, notFound
		}
		return handle(tag)
	}
}

func showTag(tag schema.Values) map[string]any {
	attributes := tag["attributes"]
	if attributes == nil {
		attributes = map[string]any{}
	}
	return map[string]any{"name": tag["name"], "attributes": attributes, "firstCreated": tag["firstCreated"], "lastUpdated": tag["lastUpdated"]}
}
