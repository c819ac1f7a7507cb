package rest

import (
	"net/http"
	"regexp"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

var accountName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`)

var serviceAccountBody = &schema.Object{Class: "ServiceAccountCreateXO", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotBlank, Checks: []schema.Check{func(value any) string {
		if text, ok := value.(string); ok && !accountName.MatchString(text) {
			return `must match "^[a-zA-Z0-9_-]+$"`
		}
		return ""
	}}},
	{Name: "description"}, {Name: "roleId", Rule: schema.NotBlank},
	{Name: "expirationDays", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 1<<31-1)}},
}}

// serviceAccountRoutes store the tokens of service accounts; logging in with them is not possible.
func (a *API) serviceAccountRoutes() {
	const path, since = "/security/service-account-tokens", 97
	accounts := a.Settings.Kept(settings.ServiceAccounts)
	a.on(route{method: "GET", path: path, need: may("users", "read"), since: since}, func(*call) (answer, error) {
		list := []map[string]any{}
		for _, account := range accounts.All() {
			list = append(list, map[string]any{"id": account["id"], "name": account["name"], "description": account["description"], "roleId": account["roleId"],
				"createdAt": account["createdAt"], "createdBy": account["createdBy"], "expiresAt": account["expiresAt"], "lastUsedAt": nil})
		}
		return ok(list), nil
	})
	a.onBody(route{method: "POST", path: path, need: may("users", "create"), body: serviceAccountBody, since: since}, a.createServiceAccount)
	a.on(route{method: "DELETE", path: path + "/{id}", need: may("users", "delete"), since: since}, func(c *call) (answer, error) {
		removed, err := accounts.Delete(c.param("id"))
		if err == nil && !removed {
			err = notFound
		}
		return orDone(err)
	})
}

func (a *API) createServiceAccount(c *call, body schema.Values) (answer, error) {
	if _, exists := a.Security.Role(body.String("roleId")); !exists {
		return answer{}, problem.Violation("roleId", "Role '%s' not found.", body.String("roleId"))
	}
	accounts := a.Settings.Kept(settings.ServiceAccounts)
	for _, other := range accounts.All() {
		if other.String("name") == body.String("name") {
			return answer{}, problem.Violation("name", "Name is already used, must be unique")
		}
	}
	body["id"], body["createdBy"], body["createdAt"] = uuid.NewString(), c.principal.UserID, time.Now().Format(timestamp)
	if days := body.Int("expirationDays"); days > 0 {
		body["expiresAt"] = time.Now().AddDate(0, 0, int(days)).Format(timestamp)
	}
	return answer{status: http.StatusCreated, body: map[string]any{
		"id": body["id"], "name": body["name"], "expiresAt": body["expiresAt"], "token": uuid.NewString(),
	}}, accounts.Put(body.String("id"), body)
}
