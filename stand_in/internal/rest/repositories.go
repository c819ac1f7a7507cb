package rest

import (
	"errors"
	"net/http"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/schema"
)

func (a *API) repositoryRoutes() {
	a.on(route{method: "GET", path: "/repositories"}, a.listRepositories)
	a.on(route{method: "GET", path: "/repositorySettings"}, a.listRepositorySettings)
	a.on(route{method: "GET", path: "/repositories/{name}"}, a.getRepository)
	a.on(route{method: "DELETE", path: "/repositories/{name}", whileFrozen: true}, a.deleteRepository)
	a.on(route{method: "POST", path: "/repositories/{name}/invalidate-cache"}, a.invalidateCache)
	a.on(route{method: "POST", path: "/repositories/{name}/rebuild-index"}, a.rebuildIndex)
	for _, path := range a.Repositories.Paths() {
		a.typedRoutes(path)
	}
}

func (a *API) typedRoutes(path string) {
	body := a.Repositories.Schema(path)
	protected := func(values schema.Values) error {
		return a.checkRemote(values.Part("proxy").String("remoteUrl"))
	}
	a.onBody(route{method: "POST", path: "/repositories/" + path, body: body, whileFrozen: true},
		func(c *call, values schema.Values) (answer, error) {
			if err := a.Repositories.CheckRequest(path, values.String("name"), values); err != nil {
				return answer{}, err
			}
			if !a.Security.AllowedRepository(c.principal, a.Repositories.FormatOf(path), values.String("name"), "add") {
				return answer{}, forbidden
			}
			if err := protected(values); err != nil {
				return answer{}, err
			}
			if err := a.Repositories.Create(path, values); err != nil {
				return answer{}, err
			}
			return created()
		})
	a.on(route{method: "GET", path: "/repositories/" + path + "/{name}"}, func(c *call) (answer, error) {
		record, exists := a.Repositories.FindTyped(path, c.param("name"))
		if !exists || !a.Security.AllowedRepository(c.principal, record.Format, record.Name, "read") {
			return answer{}, problem.NotFound("Repository not found")
		}
		return ok(a.Repositories.Render(&record, c.baseURL())), nil
	})
	a.onBody(route{method: "PUT", path: "/repositories/" + path + "/{name}", body: body, whileFrozen: true},
		func(c *call, values schema.Values) (answer, error) {
			name := c.param("name")
			if err := a.Repositories.CheckRequest(path, name, values); err != nil {
				return answer{}, err
			}
			if err := a.permitted(c, name, "edit"); err != nil {
				return answer{}, err
			}
			if err := protected(values); err != nil {
				return answer{}, err
			}
			return orDone(a.Repositories.Update(path, name, values))
		})
}

// administer checks the permission for a repository: 403 for anonymous requests, 404 for an unknown repository, 403 without
// the permission.
func (a *API) administer(c *call, name, action string) error {
	if c.principal.Anonymous {
		return forbidden
	}
	return a.permitted(c, name, action)
}

// permitted is administer for requests that need no login: an unknown repository is 404 for everybody.
func (a *API) permitted(c *call, name, action string) error {
	record, exists := a.Repositories.Find(name)
	if !exists {
		return notFound
	}
	if !a.Security.AllowedRepository(c.principal, record.Format, record.Name, action) {
		return forbidden
	}
	return nil
}

func (a *API) browsable(c *call, record *repositories.Record) bool {
	return a.Security.AllowedContent(c.principal, record.Format, record.Name, "", "browse")
}

func (a *API) readable(c *call, record *repositories.Record) bool {
	return a.Security.AllowedContent(c.principal, record.Format, record.Name, "", "read")
}

func (a *API) listRepositories(c *call) (answer, error) {
	list := []map[string]any{}
	for _, record := range a.Repositories.All() {
		if a.browsable(c, &record) {
			list = append(list, a.Repositories.Summary(&record, c.baseURL()))
		}
	}
	return ok(list), nil
}

func (a *API) listRepositorySettings(c *call) (answer, error) {
	if c.principal.Anonymous {
		return answer{}, forbidden
	}
	list := []map[string]any{}
	for _, record := range a.Repositories.All() {
		if a.Security.AllowedRepository(c.principal, record.Format, record.Name, "read") {
			list = append(list, a.Repositories.Render(&record, c.baseURL()))
		}
	}
	return ok(list), nil
}

func (a *API) getRepository(c *call) (answer, error) {
	record, exists := a.Repositories.Find(c.param("name"))
	if !exists {
		return answer{}, notFound
	}
	if !a.browsable(c, &record) && !a.readable(c, &record) {
		return answer{}, forbidden
	}
	return ok(a.Repositories.Summary(&record, c.baseURL())), nil
}

func (a *API) deleteRepository(c *call) (answer, error) {
	name := c.param("name")
	if err := a.administer(c, name, "delete"); err != nil {
		return answer{}, err
	}
	return orDone(a.Repositories.Delete(name))
}

func (a *API) invalidateCache(c *call) (answer, error) {
	if err := a.administer(c, c.param("name"), "edit"); err != nil {
		return answer{}, withMessage(err)
	}
	return orDone(a.Repositories.InvalidateCache(c.param("name")))
}

func (a *API) rebuildIndex(c *call) (answer, error) {
	if err := a.administer(c, c.param("name"), "edit"); err != nil {
		return answer{}, withMessage(err)
	}
	if record, _ := a.Repositories.Find(c.param("name")); record.Type == "group" {
		return answer{}, problem.Refuse("You can rebuild search index of hosted or proxy repository only")
	}
	return done()
}

// withMessage adds a message to an empty 404, as some endpoints do.
func withMessage(err error) error {
	var status problem.Status
	if errors.As(err, &status) && int(status) == http.StatusNotFound {
		return problem.NotFound("Repository not found")
	}
	return err
}
