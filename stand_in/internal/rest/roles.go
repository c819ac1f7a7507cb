package rest

import (
	"errors"
	"net/http"
	"slices"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
)

var roleBody = &schema.Object{Class: "org.sonatype.nexus.security.role.rest.RoleXORequest", Fields: []schema.Field{
	{Name: "id", Rule: schema.NotEmpty}, {Name: "name", Rule: schema.NotEmpty}, {Name: "description"},
	{Name: "privileges", Kind: schema.TextList, Set: true}, {Name: "roles", Kind: schema.TextList, Set: true},
}}

func (a *API) roleRoutes() {
	a.on(route{method: "GET", path: "/security/roles", need: may("roles", "read")}, a.listRoles)
	a.onBody(route{method: "POST", path: "/security/roles", need: may("roles", "create"), body: roleBody}, a.createRole)
	a.on(route{method: "GET", path: "/security/roles/assignable", need: may("roles", "read"), since: 97}, a.listRoles)
	a.on(route{method: "GET", path: "/security/roles/{id}", need: may("roles", "read")}, a.getRole)
	a.onBody(route{method: "PUT", path: "/security/roles/{id}", need: may("roles", "update"), body: roleBody}, a.updateRole)
	a.on(route{method: "DELETE", path: "/security/roles/{id}", need: may("roles", "delete")}, a.deleteRole)
}

func localSource(c *call) error {
	if source := c.query("source"); source != "" && source != "default" {
		return problem.Refuse("Source '%s' cannot be found.", source)
	}
	return nil
}

func (a *API) listRoles(c *call) (answer, error) {
	return ok(a.Security.Roles()), localSource(c)
}

func (a *API) getRole(c *call) (answer, error) {
	if err := localSource(c); err != nil {
		return answer{}, err
	}
	role, exists := a.Security.Role(c.param("id"))
	if !exists {
		return answer{}, problem.NotFound("Role '%s' not found.", c.param("id"))
	}
	return ok(role), nil
}

func roleOf(body schema.Values) security.Role {
	role := security.Role{ID: body.String("id"), Source: "default", Name: body.String("name"), Description: body.String("description"),
		Privileges: distinct(body.Strings("privileges")), Roles: distinct(body.Strings("roles"))}
	if body["description"] == nil {
		role.Description = role.ID
	}
	return role
}

// hasNull reports whether a list has a null element, which makes the real server fail.
func hasNull(body schema.Values, name string) bool {
	list, _ := body[name].([]any)
	return slices.Contains(list, nil)
}

func distinct(words []string) []string {
	seen, unique := map[string]bool{}, []string{}
	for _, word := range words {
		if !seen[word] {
			seen[word] = true
			unique = append(unique, word)
		}
	}
	return unique
}

func (a *API) createRole(_ *call, body schema.Values) (answer, error) {
	role := roleOf(body)
	if err := a.checkContents(role, body); err != nil {
		return answer{}, err
	}
	if _, exists := a.Security.Role(role.ID); exists {
		return answer{}, problem.Refuse("Role '%s' already exists, use a unique roleId.", role.ID)
	}
	if err := problem.FirstTooLong("ID", role.ID, "NAME", role.Name); err != nil {
		return answer{}, err
	}
	err := a.Security.AddRole(role)
	if errors.Is(err, security.ErrDuplicate) {
		return answer{}, problem.Refuse("Role '%s' already exists, use a unique roleId.", role.ID)
	}
	return ok(role), err
}

// checkContents rejects unknown roles, then unknown privileges, and fails on null elements.
func (a *API) checkContents(role security.Role, body schema.Values) error {
	if hasNull(body, "roles") {
		return damaged
	}
	for _, id := range role.Roles {
		if _, exists := a.Security.Role(id); !exists {
			return problem.Refuse("Role '%s' contained in role '%s' not found.", id, role.ID)
		}
	}
	if hasNull(body, "privileges") {
		return damaged
	}
	for _, name := range role.Privileges {
		if _, exists := a.Security.Privilege(name); !exists {
			return problem.Refuse("Privilege '%s' contained in role '%s' not found.", name, role.ID)
		}
	}
	return nil
}

// changeable finds a role that is not built in.
func (a *API) changeable(id string) (security.Role, error) {
	role, exists := a.Security.Role(id)
	if !exists {
		return role, problem.NotFound("Role '%s' not found.", id)
	}
	if role.ReadOnly {
		return role, problem.Refuse("Role '%s' is internal and cannot be modified or deleted.", id)
	}
	return role, nil
}

func (a *API) updateRole(c *call, body schema.Values) (answer, error) {
	id := c.param("id")
	role := roleOf(body)
	if role.ID != id {
		return answer{}, &problem.Message{Status: http.StatusConflict, Text: "The Role id '" + role.ID + "' does not match the id used in the path '" + id + "'."}
	}
	if _, err := a.changeable(id); err != nil {
		return answer{}, err
	}
	if err := a.checkContents(role, body); err != nil {
		return answer{}, err
	}
	if a.Security.ContainsItself(id, role.Roles) {
		return answer{}, problem.Refuse("Role '%s' cannot contain itself either directly or indirectly through child roles.", id)
	}
	if err := problem.TooLong("NAME", role.Name); err != nil {
		return answer{}, err
	}
	return orDone(a.Security.SetRole(role))
}

func (a *API) deleteRole(c *call) (answer, error) {
	if _, err := a.changeable(c.param("id")); err != nil {
		return answer{}, err
	}
	return orDone(a.Security.DeleteRole(c.param("id")))
}
