package rest

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/schema"
)

// licensedCleanupRoutes are the routes of servers with a Pro licence; others manage the same policies under an internal path.
func (a *API) licensedCleanupRoutes() {
	const path, since = "/cleanup-policies", 74
	a.on(route{method: "GET", path: path, need: administrator, since: since}, func(*call) (answer, error) {
		list := []map[string]any{}
		for _, policy := range a.Settings.CleanupPolicies() {
			list = append(list, a.showLicensedPolicy(policy))
		}
		return ok(list), nil
	})
	a.on(route{method: "GET", path: path + "/{name}", need: administrator, since: since}, func(c *call) (answer, error) {
		policy, exists := a.Settings.CleanupPolicy(c.param("name"))
		if !exists {
			return answer{}, notFound
		}
		return ok(a.showLicensedPolicy(policy)), nil
	})
	a.onBody(route{method: "POST", path: path, need: administrator, body: cleanupBody, since: since}, func(c *call, body schema.Values) (answer, error) {
		_, err := a.createCleanupPolicy(c, body)
		return empty(http.StatusCreated), err
	})
	a.onBody(route{method: "PUT", path: path + "/{name}", need: administrator, body: cleanupBody, since: since}, func(c *call, body schema.Values) (answer, error) {
		_, err := a.updateCleanupPolicy(c, body)
		return orDone(err)
	})
	a.on(route{method: "DELETE", path: path + "/{name}", need: administrator, since: since}, func(c *call) (answer, error) {
		removed, err := a.Settings.DeleteCleanupPolicy(c.param("name"))
		if err == nil && !removed {
			err = notFound
		}
		return orDone(err)
	})
}

func (a *API) showLicensedPolicy(policy schema.Values) map[string]any {
	shown := a.showPolicy(policy)
	delete(shown, "inUseCount")
	delete(shown, "sortBy")
	if a.Minor >= 94 {
		shown["repositories"] = a.Repositories.CleanupUsers(policy.String("name"))
	}
	return shown
}
