package rest

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
	"repository-store/nexus-stand-in/internal/settings"
)

// privilegeType has the fields and the allowed actions of a type of privilege.
type privilegeType struct {
	name    string
	fields  []string
	actions []string
}

var (
	crud  = []string{"READ", "EDIT", "ADD", "DELETE", "ALL", "START", "STOP", "ASSOCIATE", "DISASSOCIATE"}
	bread = []string{"BROWSE", "READ", "EDIT", "ADD", "DELETE", "ALL"}
)

var privilegeTypes = []privilegeType{
	{security.Wildcard, []string{"pattern"}, nil},
	{security.Application, []string{"domain"}, crud},
	{security.RepositoryView, []string{"format", "repository"}, bread},
	{security.RepositoryAdmin, []string{"format", "repository"}, bread},
	{security.ContentSelector, []string{"format", "repository", "contentSelector"}, bread},
	{security.Script, []string{"scriptName"}, append(bread[:6:6], "RUN")},
}

var actionsField = schema.Field{Name: "actions", Kind: schema.EnumList, Rule: schema.NotEmpty,
	Class:   "org.sonatype.nexus.security.privilege.rest.PrivilegeAction",
	Enum:    []string{"DISASSOCIATE", "ADD", "STOP", "READ", "BROWSE", "DELETE", "ASSOCIATE", "ALL", "START", "EDIT", "RUN"},
	Numbers: []string{"READ", "BROWSE", "EDIT", "ADD", "DELETE", "RUN", "START", "STOP", "ASSOCIATE", "DISASSOCIATE", "ALL"}}

func (t privilegeType) schema() *schema.Object {
	object := &schema.Object{Class: "ApiPrivilegeRequest", Fields: []schema.Field{
		{Name: "name", Rule: schema.NotBlank, Checks: []schema.Check{schema.WellFormedName}}, {Name: "description"},
	}}
	if t.actions != nil {
		object.Fields = append(object.Fields, actionsField)
	}
	for _, name := range t.fields {
		object.Fields = append(object.Fields, schema.Field{Name: name, Rule: schema.NotBlank})
	}
	return object
}

func (a *API) privilegeRoutes() {
	a.on(route{method: "GET", path: "/security/privileges", need: may("privileges", "read")}, a.listPrivileges)
	a.on(route{method: "GET", path: "/security/privileges/{name}", need: may("privileges", "read")}, func(c *call) (answer, error) {
		privilege, err := a.privilege(c.param("name"))
		return ok(showPrivilege(privilege)), err
	})
	a.on(route{method: "DELETE", path: "/security/privileges/{name}", need: may("privileges", "delete")}, a.deletePrivilege)
	for _, t := range privilegeTypes {
		path := "/security/privileges/" + t.name
		a.onBody(route{method: "POST", path: path, need: may("privileges", "create"), body: t.schema()},
			func(_ *call, body schema.Values) (answer, error) { return a.createPrivilege(t, body) })
		a.onBody(route{method: "PUT", path: path + "/{name}", need: may("privileges", "update"), body: t.schema()},
			func(c *call, body schema.Values) (answer, error) { return a.updatePrivilege(t, c.param("name"), body) })
	}
}

func showPrivilege(p security.Privilege) map[string]any {
	shown := map[string]any{"type": p.Type, "name": p.Name, "description": p.Description, "readOnly": p.ReadOnly}
	for _, t := range privilegeTypes {
		if t.name != p.Type {
			continue
		}
		if t.actions != nil {
			shown["actions"] = p.Actions
		}
		for _, field := range t.fields {
			shown[field] = *privilegeField(&p, field)
		}
	}
	return shown
}

func privilegeField(p *security.Privilege, name string) *string {
	switch name {
	case "pattern":
		return &p.Pattern
	case "domain":
		return &p.Domain
	case "format":
		return &p.Format
	case "repository":
		return &p.Repository
	case "contentSelector":
		return &p.ContentSelector
	}
	return &p.ScriptName
}

// damaged is the response to requests about a privilege that was updated through the path of another type.
var damaged error = &problem.Fault{Class: "java.lang.NullPointerException"}

func (a *API) listPrivileges(*call) (answer, error) {
	list := []map[string]any{}
	for _, privilege := range a.Security.Privileges() {
		if privilege.Damaged {
			return answer{}, damaged
		}
		list = append(list, showPrivilege(privilege))
	}
	return ok(list), nil
}

func (a *API) privilege(name string) (security.Privilege, error) {
	privilege, exists := a.Security.Privilege(name)
	switch {
	case !exists:
		return privilege, problem.NotFound("Privilege '%s' not found.", name)
	case privilege.Damaged:
		return privilege, damaged
	}
	return privilege, nil
}

func (a *API) changeablePrivilege(name string) (security.Privilege, error) {
	privilege, err := a.privilege(name)
	if err == nil && privilege.ReadOnly {
		err = problem.Refuse("Privilege '%s' is internal and cannot be modified or deleted.", name)
	}
	return privilege, err
}

// privilegeOf builds a privilege from a request and checks its references.
func (a *API) privilegeOf(t privilegeType, body schema.Values) (security.Privilege, error) {
	privilege := security.Privilege{Type: t.name, Name: body.String("name"), Description: body.String("description")}
	if hasNull(body, "actions") {
		return privilege, &problem.Fault{Class: "java.lang.NullPointerException"}
	}
	if t.actions != nil {
		privilege.Actions = distinct(body.Strings("actions"))
		for _, action := range privilege.Actions {
			if !strings.Contains(" "+strings.Join(t.actions, " ")+" ", " "+action+" ") {
				return privilege, problem.Refuse("Privilege of type '%s' cannot use action(s) of type '%s'.", t.name, action)
			}
		}
	}
	for _, field := range t.fields {
		*privilegeField(&privilege, field) = body.String(field)
	}
	return privilege, a.checkReferences(privilege)
}

func (a *API) checkReferences(p security.Privilege) error {
	if err := a.checkRepository(p); err != nil {
		return err
	}
	if p.ContentSelector != "" {
		if _, exists := a.Security.Selector(p.ContentSelector); !exists {
			return problem.Refuse("Invalid selector '%s' supplied.", p.ContentSelector)
		}
	}
	if _, exists := a.Settings.Kept(settings.Scripts).Get(p.ScriptName); p.ScriptName != "" && !exists {
		return problem.Refuse("Invalid script '%s' supplied.", p.ScriptName)
	}
	return nil
}

func (a *API) checkRepository(p security.Privilege) error {
	if p.Repository == "" {
		return nil
	}
	record, exists := a.Repositories.Find(p.Repository)
	switch {
	case p.Repository != "*" && !exists:
		return problem.Refuse("Invalid repository '%s' supplied.", p.Repository)
	case p.Format == "*":
		return nil
	case exists && p.Format != record.Format:
		return problem.Refuse("Invalid format '%s' supplied for repository '%s'.", p.Format, p.Repository)
	case !a.hasFormat(p.Format):
		return problem.Refuse("Invalid format '%s' supplied.", p.Format)
	}
	return nil
}

func (a *API) hasFormat(format string) bool {
	return slices.ContainsFunc(a.Repositories.Paths(), func(path string) bool { return a.Repositories.FormatOf(path) == format })
}

func (a *API) createPrivilege(t privilegeType, body schema.Values) (answer, error) {
	privilege, err := a.privilegeOf(t, body)
	if err != nil {
		return answer{}, err
	}
	err = a.Security.AddPrivilege(privilege)
	if errors.Is(err, security.ErrDuplicate) {
		return answer{}, problem.Refuse("Privilege '%s' already exists, use a unique name.", privilege.Name)
	}
	return empty(http.StatusCreated), err
}

func (a *API) updatePrivilege(t privilegeType, name string, body schema.Values) (answer, error) {
	if sent := body.String("name"); sent != name {
		return answer{}, &problem.Message{Status: http.StatusConflict,
			Text: "The privilege name '" + sent + "' does not match the name used in the path '" + name + "'."}
	}
	privilege, err := a.privilegeOf(t, body)
	if err != nil {
		return answer{}, err
	}
	current, err := a.changeablePrivilege(name)
	if err != nil {
		return answer{}, err
	}
	if current.Type != t.name {
		current.Damaged = true
		if err := a.Security.SetPrivilege(current); err != nil {
			return answer{}, err
		}
		return answer{}, damaged
	}
	return orDone(a.Security.SetPrivilege(privilege))
}

func (a *API) deletePrivilege(c *call) (answer, error) {
	if _, err := a.changeablePrivilege(c.param("name")); err != nil {
		return answer{}, err
	}
	return orDone(a.Security.DeletePrivilege(c.param("name")))
}
