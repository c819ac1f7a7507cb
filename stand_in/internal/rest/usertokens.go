package rest

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

const userTokenSettings = "user-tokens"

var userTokensBody = &schema.Object{Class: "UserTokensApiModel", Fields: []schema.Field{
	{Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "protectContent", Kind: schema.PrimitiveBool},
	{Name: "expirationEnabled", Kind: schema.PrimitiveBool},
	{Name: "expirationDays", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 999)}},
}}

// userTokenRoutes store the tokens of users; logging in with them is not possible.
func (a *API) userTokenRoutes() {
	const path, since = "/security/users/{id}/{realm}/user-token", 90
	a.on(route{method: "GET", path: path, need: may("usertoken-user", "read"), since: since}, a.onUserToken(func(token schema.Values) (answer, error) {
		return ok(showUserToken(token, false)), nil
	}))
	a.on(route{method: "POST", path: path, need: may("usertoken-user", "create"), since: since}, a.createUserToken)
	remove := a.onUserToken(func(token schema.Values) (answer, error) {
		_, err := a.Settings.Kept(settings.UserTokens).Delete(token.String("userId"))
		return orDone(err)
	})
	a.on(route{method: "DELETE", path: path, need: may("usertoken-user", "delete"), since: since}, remove)
	a.on(route{method: "DELETE", path: path + "-reset", need: may("usertoken-user", "delete"), since: afterCore}, remove)
	a.on(route{method: "GET", path: "/security/user-tokens/tokens", need: may("usertoken-user", "read"), since: since}, func(c *call) (answer, error) {
		items := []map[string]any{}
		for _, token := range a.Settings.Kept(settings.UserTokens).All() {
			items = append(items, showUserToken(token, false))
		}
		return ok(page(items, "")), a.userTokensEnabled()
	})
	a.on(route{method: "DELETE", path: "/security/user-tokens", need: may("usertoken-settings", "update"), since: afterCore}, func(*call) (answer, error) {
		tokens := a.Settings.Kept(settings.UserTokens)
		for _, token := range tokens.All() {
			if _, err := tokens.Delete(token.String("userId")); err != nil {
				return answer{}, err
			}
		}
		return empty(http.StatusOK), nil
	})
}

func (a *API) userTokensEnabled() error {
	if values, _ := a.Settings.Single(userTokenSettings); !values.Bool("enabled") {
		return problem.Status(http.StatusBadRequest)
	}
	return nil
}

func (a *API) onUserToken(handle func(schema.Values) (answer, error)) endpoint {
	return func(c *call) (answer, error) {
		if err := a.userTokensEnabled(); err != nil {
			return answer{}, err
		}
		token, exists := a.Settings.Kept(settings.UserTokens).Get(c.param("id"))
		if !exists {
			return answer{}, notFound
		}
		return handle(token)
	}
}

func (a *API) createUserToken(c *call) (answer, error) {
	if err := a.userTokensEnabled(); err != nil {
		return answer{}, err
	}
	id := c.param("id")
	if _, exists := a.Security.User(id); !exists {
		return answer{}, notFound
	}
	token := schema.Values{"userId": id, "realm": c.param("realm"), "nameCode": uuid.NewString()[:8], "passCode": uuid.NewString(),
		"created": time.Now().Format(timestamp), "createdByUserId": c.principal.UserID, "createdByRealm": "NexusAuthenticatingRealm"}
	if values, _ := a.Settings.Single(userTokenSettings); values.Bool("expirationEnabled") {
		token["expires"] = time.Now().AddDate(0, 0, int(values.Int("expirationDays"))).Format(timestamp)
	}
	added, err := a.Settings.Kept(settings.UserTokens).Insert(id, token)
	if err == nil && !added {
		err = problem.Status(http.StatusConflict)
	}
	return answer{status: http.StatusCreated, body: showUserToken(token, true)}, err
}

// showUserToken shows the pass code only once, when the token is created.
func showUserToken(token schema.Values, created bool) map[string]any {
	shown := map[string]any{"isExpired": false, "passCode": nil}
	for _, name := range []string{"userId", "realm", "nameCode", "created", "expires", "createdByUserId", "createdByRealm"} {
		shown[name] = token[name]
	}
	if expires, err := time.Parse(timestamp, token.String("expires")); err == nil {
		shown["isExpired"] = time.Now().After(expires)
	}
	if created {
		shown["passCode"] = token["passCode"]
	}
	return shown
}
