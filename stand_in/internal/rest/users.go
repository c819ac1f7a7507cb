package rest

import (
	"errors"
	"slices"
	"sort"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
)

var userFields = []schema.Field{
	{Name: "userId", Rule: schema.NotBlank}, {Name: "firstName", Rule: schema.NotEmpty}, {Name: "lastName", Rule: schema.NotEmpty},
	{Name: "emailAddress", Rule: schema.NotEmpty, Checks: []schema.Check{schema.MailAddress}},
	{Name: "status", Kind: schema.Enum, Rule: schema.NotNull, Class: "org.sonatype.nexus.security.internal.rest.ApiUserStatus",
		Enum: []string{security.Active, security.Locked, security.Disabled, security.ChangePassword}},
	{Name: "roles", Kind: schema.TextList, Set: true, Rule: schema.NotEmpty},
}

var (
	userCreate = &schema.Object{Class: "ApiCreateUser", Fields: append(userFields[:6:6], schema.Field{Name: "password", Rule: schema.NotEmpty})}
	userUpdate = &schema.Object{Class: "ApiUser", Fields: append(userFields[:6:6], schema.Field{Name: "source", Rule: schema.NotBlank})}
)

func (a *API) userRoutes() {
	a.on(route{method: "GET", path: "/security/users", need: may("users", "read")}, a.listUsers)
	a.onBody(route{method: "POST", path: "/security/users", need: may("users", "create"), body: userCreate}, a.createUser)
	a.onBody(route{method: "PUT", path: "/security/users/{id}", need: may("users", "update"), body: userUpdate}, a.updateUser)
	a.on(route{method: "DELETE", path: "/security/users/{id}", need: may("users", "delete")}, a.deleteUser)
	a.on(route{method: "PUT", path: "/security/users/{id}/change-password", consumes: "text/plain"}, a.changePassword)
	a.on(route{method: "GET", path: "/security/user-sources", need: may("users", "read")}, func(*call) (answer, error) {
		return ok([]map[string]string{{"id": "default", "name": security.AuthenticatingRealm}}), nil
	})
}

func showUser(user security.User) map[string]any {
	return map[string]any{"userId": user.UserID, "firstName": user.FirstName, "lastName": user.LastName, "emailAddress": user.EmailAddress,
		"source": "default", "status": user.Status, "readOnly": false, "roles": user.Roles, "externalRoles": []string{}}
}

func (a *API) listUsers(c *call) (answer, error) {
	list := []map[string]any{}
	if source := c.query("source"); source != "default" && c.URL.Query().Has("source") {
		return ok(list), nil
	}
	prefix := strings.ToLower(c.query("userId"))
	for _, user := range a.Security.Users() {
		if strings.HasPrefix(strings.ToLower(user.UserID), prefix) {
			user.Roles = slices.DeleteFunc(slices.Clone(user.Roles), func(id string) bool { // roles that do not exist
				_, exists := a.Security.Role(id)
				return !exists
			})
			list = append(list, showUser(user))
		}
	}
	return ok(list), nil
}

func userOf(body schema.Values) security.User {
	roles := distinct(body.Strings("roles"))
	sort.Strings(roles)
	return security.User{UserID: body.String("userId"), FirstName: body.String("firstName"), LastName: body.String("lastName"),
		EmailAddress: body.String("emailAddress"), Status: body.String("status"), Roles: roles}
}

func (a *API) createUser(_ *call, body schema.Values) (answer, error) {
	user := userOf(body)
	if strings.TrimSpace(body.String("password")) == "" {
		return answer{}, problem.Refuse("A non-empty password is required.")
	}
	if err := userTooLong(user); err != nil {
		return answer{}, err
	}
	err := a.Security.AddUser(user, body.String("password"))
	if errors.Is(err, security.ErrDuplicate) {
		return answer{}, &problem.Fault{Class: "org.sonatype.nexus.security.user.DuplicateUserException", Message: "User " + user.UserID + " already exists."}
	}
	shown := showUser(user)
	if hasNull(body, "roles") { // shown in the response, not stored
		shown["roles"] = append([]any{nil}, anyOf(user.Roles)...)
	}
	return ok(shown), err
}

func anyOf(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

func (a *API) updateUser(c *call, body schema.Values) (answer, error) {
	id := c.param("id")
	user := userOf(body)
	if user.UserID != id {
		return answer{}, problem.Refuse("The path's userId does not match the body")
	}
	var unknown problem.Violations
	for _, role := range user.Roles {
		if _, exists := a.Security.Role(role); !exists {
			unknown = append(unknown, schema.Violation{ID: "roles", Message: "Unable to locate roleId: " + role})
		}
	}
	if hasNull(body, "roles") {
		unknown = append(unknown, schema.Violation{ID: "roles", Message: "Unable to locate roleId: null"})
	}
	if unknown != nil {
		return answer{}, unknown
	}
	if source := body.String("source"); source != "default" {
		return answer{}, problem.NotFound("Unable to locate source: %s", source)
	}
	if _, exists := a.Security.User(id); !exists {
		return answer{}, userNotFound(id)
	}
	if err := userTooLong(user); err != nil {
		return answer{}, err
	}
	return orDone(a.Security.SetUser(user))
}

func userTooLong(user security.User) error {
	return problem.FirstTooLong("ID", user.UserID, "FIRST_NAME", user.FirstName, "LAST_NAME", user.LastName, "EMAIL", user.EmailAddress)
}

func userNotFound(id string) error { return problem.NotFound("User '%s' not found.", id) }

func (a *API) deleteUser(c *call) (answer, error) {
	id := c.param("id")
	if c.URL.Query().Has("realm") {
		return answer{}, problem.Refuse("Invalid or empty realm name.")
	}
	if _, exists := a.Security.User(id); !exists {
		return answer{}, userNotFound(id)
	}
	refuse := func(why string) (answer, error) {
		return answer{}, &problem.Fault{Class: "java.lang.IllegalArgumentException", Message: why}
	}
	switch id {
	case a.Security.Anonymous().UserID:
		return refuse("Can not delete anonymous user")
	case c.principal.UserID:
		return refuse("Can not delete currently signed in user")
	}
	return orDone(a.Security.DeleteUser(id))
}

// changePassword needs nx-userschangepw, even for changing the own password.
func (a *API) changePassword(c *call) (answer, error) {
	if !a.allowed(c, may("userschangepw", "create")) {
		return answer{}, forbidden
	}
	password, err := c.text()
	if err != nil {
		return answer{}, err
	}
	if strings.TrimSpace(password) == "" {
		return answer{}, problem.Refuse("Password must be supplied.")
	}
	if _, exists := a.Security.User(c.param("id")); !exists {
		return answer{}, userNotFound(c.param("id"))
	}
	return orDone(a.Security.ChangePassword(c.param("id"), password))
}
