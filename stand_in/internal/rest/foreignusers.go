package rest

import (
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

var foreignUser = &schema.Object{Class: "SamlUserXO", Fields: []schema.Field{
	{Name: "userId", Rule: schema.NotBlank}, {Name: "firstName"}, {Name: "lastName"}, {Name: "emailAddress"},
	{Name: "status", Kind: schema.Enum, Rule: schema.NotNull, Class: "UserStatus", Enum: []string{"active", "locked", "disabled"}},
	{Name: "roles", Kind: schema.TextList},
}}

// foreignUserRoutes store users of SAML and OAuth2 providers; they cannot log in.
func (a *API) foreignUserRoutes() {
	a.usersOf("/security/saml/users", settings.SAMLUsers, 86)
	a.on(route{method: "DELETE", path: "/security/saml/users/{id}", need: may("users", "delete"), since: 86}, func(c *call) (answer, error) {
		removed, err := a.Settings.Kept(settings.SAMLUsers).Delete(c.param("id"))
		if err == nil && !removed {
			err = notFound
		}
		return orDone(err)
	})
	a.usersOf("/security/oauth2/users", settings.OAuth2Users, 97) // no deletion over REST
}

func (a *API) usersOf(path, kind string, since int) {
	users := a.Settings.Kept(kind)
	a.on(route{method: "GET", path: path, need: may("users", "read"), since: since}, func(c *call) (answer, error) {
		list := []map[string]any{}
		for _, user := range users.All() {
			if strings.HasPrefix(strings.ToLower(user.String("userId")), strings.ToLower(c.query("userId"))) {
				list = append(list, withoutSecrets(user, foreignUser))
			}
		}
		return ok(list), nil
	})
	a.on(route{method: "GET", path: path + "/{id}", need: may("users", "read"), since: since}, func(c *call) (answer, error) {
		user, exists := users.Get(c.param("id"))
		if !exists {
			return answer{}, notFound
		}
		return ok(withoutSecrets(user, foreignUser)), nil
	})
	a.onBody(route{method: "POST", path: path, need: may("users", "create"), body: foreignUser, since: since}, func(_ *call, body schema.Values) (answer, error) {
		added, err := users.Insert(body.String("userId"), body)
		if err == nil && !added {
			err = problem.Status(http.StatusBadRequest)
		}
		return empty(http.StatusCreated), err
	})
	a.onBody(route{method: "PUT", path: path + "/{id}", need: may("users", "update"), body: foreignUser, since: since}, func(c *call, body schema.Values) (answer, error) {
		if _, exists := users.Get(c.param("id")); !exists {
			return answer{}, notFound
		}
		body["userId"] = c.param("id")
		return orDone(users.Put(c.param("id"), body))
	})
}
