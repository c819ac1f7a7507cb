package rest

import (
	"net/http"
	"slices"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// healthChecked is the setting with the names of the proxy repositories with an enabled health check.
const healthChecked = "health-checked"

// actionRoutes clear caches and switch health checks. The caches are always empty here, and no health checks are made:
// only the switch is stored.
func (a *API) actionRoutes() {
	a.on(route{method: "DELETE", path: "/security/ldap/cache", need: may("ldap", "update"), since: 94}, func(*call) (answer, error) {
		return empty(http.StatusOK), nil
	})
	a.on(route{method: "POST", path: "/security/atlassian-crowd/clear-cache", need: may("crowd", "update"), since: afterCore},
		func(*call) (answer, error) { return done() })
	const check = "/repositories/{name}/health-check"
	a.on(route{method: "POST", path: check, since: afterCore}, func(c *call) (answer, error) { return a.setHealthCheck(c, true) })
	a.on(route{method: "DELETE", path: check, since: afterCore}, func(c *call) (answer, error) { return a.setHealthCheck(c, false) })
}

func (a *API) setHealthCheck(c *call, on bool) (answer, error) {
	name := c.param("name")
	if err := a.administer(c, name, "edit"); err != nil {
		return answer{}, err
	}
	if record, _ := a.Repositories.Find(name); record.Type != "proxy" {
		return answer{}, notFound
	}
	current, _ := a.Settings.Single(healthChecked)
	names := current.Strings("names")
	if on && slices.Contains(names, name) {
		return answer{}, problem.Status(http.StatusConflict)
	}
	names = slices.DeleteFunc(slices.Clone(names), func(one string) bool { return one == name })
	if on {
		names = append(names, name)
	}
	_, err := a.Settings.SetSingle(healthChecked, schema.Values{"names": listOf(names)})
	return orDone(err)
}

func listOf(words []string) []any {
	list := []any{}
	for _, word := range words {
		list = append(list, word)
	}
	return list
}
