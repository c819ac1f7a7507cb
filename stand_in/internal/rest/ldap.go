package rest

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

var ldapBody = &schema.Object{Class: "CreateLdapServerXo", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotBlank},
	{Name: "protocol", Kind: schema.Enum, Rule: schema.NotNull, Class: "LdapProtocol", Enum: []string{"LDAP", "LDAPS"}},
	{Name: "useTrustStore", Kind: schema.PrimitiveBool}, {Name: "host", Rule: schema.NotBlank},
	{Name: "port", Kind: schema.Int, Rule: schema.NotNull, Checks: []schema.Check{schema.Between(1, 65535)}}, {Name: "searchBase", Rule: schema.NotBlank},
	{Name: "authScheme", Kind: schema.Enum, Rule: schema.NotNull, Class: "LdapAuthScheme", Enum: []string{"NONE", "SIMPLE", "CRAM_MD5", "DIGEST_MD5"}},
	{Name: "authRealm"}, {Name: "authUsername"}, {Name: "authPassword", Secret: true},
	{Name: "connectionTimeoutSeconds", Kind: schema.Int, Rule: schema.NotNull, Checks: []schema.Check{schema.Between(1, 3600)}},
	{Name: "connectionRetryDelaySeconds", Kind: schema.Int, Rule: schema.NotNull}, {Name: "maxIncidentsCount", Kind: schema.Int, Rule: schema.NotNull},
	{Name: "userBaseDn"}, {Name: "userSubtree", Kind: schema.PrimitiveBool}, {Name: "userObjectClass", Rule: schema.NotBlank}, {Name: "userLdapFilter"},
	{Name: "userIdAttribute", Rule: schema.NotBlank}, {Name: "userRealNameAttribute", Rule: schema.NotBlank},
	{Name: "userEmailAddressAttribute", Rule: schema.NotBlank}, {Name: "userPasswordAttribute"}, {Name: "ldapGroupsAsRoles", Kind: schema.PrimitiveBool},
	{Name: "groupType", Kind: schema.Enum, Class: "LdapGroupType", Enum: []string{"DYNAMIC", "STATIC"}},
	{Name: "groupBaseDn"}, {Name: "groupSubtree", Kind: schema.PrimitiveBool}, {Name: "groupObjectClass"}, {Name: "groupIdAttribute"},
	{Name: "groupMemberAttribute"}, {Name: "groupMemberFormat"}, {Name: "userMemberOfAttribute"},
}}

// ldapRoutes store the settings of LDAP servers; none is ever contacted.
func (a *API) ldapRoutes() {
	const path = "/security/ldap"
	a.on(route{method: "GET", path: path, need: may("ldap", "read")}, func(*call) (answer, error) {
		list := []map[string]any{}
		for i, server := range a.Settings.LDAPOrdered() {
			list = append(list, a.showLDAP(server, i))
		}
		return ok(list), nil
	})
	a.on(route{method: "POST", path: path + "/change-order", need: may("ldap", "update"), consumes: "application/json", since: afterCore}, a.orderLDAP)
	a.on(route{method: "GET", path: path + "/{name}", need: may("ldap", "read")}, func(c *call) (answer, error) {
		for i, server := range a.Settings.LDAPOrdered() {
			if server.String("name") == c.param("name") {
				return ok(a.showLDAP(server, i)), nil
			}
		}
		return answer{}, unknownLDAP(c.param("name"))
	})
	a.onBody(route{method: "POST", path: path, need: may("ldap", "create"), body: ldapBody}, func(_ *call, body schema.Values) (answer, error) {
		body["id"] = strings.ReplaceAll(uuid.NewString(), "-", "")
		added, err := a.Settings.LDAP().Insert(body.String("name"), body)
		if err == nil && !added {
			err = problem.Violation("name", "Name is already used, must be unique (ignoring case)")
		}
		return empty(http.StatusCreated), err
	})
	a.onBody(route{method: "PUT", path: path + "/{name}", need: may("ldap", "update"), body: ldapBody}, a.updateLDAP)
	a.on(route{method: "DELETE", path: path + "/{name}", need: may("ldap", "delete")}, func(c *call) (answer, error) {
		removed, err := a.Settings.LDAP().Delete(c.param("name"))
		if err == nil && !removed {
			err = unknownLDAP(c.param("name"))
		}
		return orDone(err)
	})
}

// orderLDAP sets the order of the servers; those that are not listed come last.
func (a *API) orderLDAP(c *call) (answer, error) {
	text, err := c.text()
	if err != nil {
		return answer{}, err
	}
	sent, err := decode(`{"names":`+text+`}`, &schema.Object{Fields: []schema.Field{{Name: "names", Kind: schema.TextList}}})
	if err != nil {
		return answer{}, err
	}
	for _, name := range sent.Strings("names") {
		if _, exists := a.Settings.LDAP().Get(name); !exists {
			return answer{}, unknownLDAP(name)
		}
	}
	_, err = a.Settings.SetSingle(settings.LDAPOrder, sent)
	return orDone(err)
}

func unknownLDAP(name string) error { return problem.NotFound("LDAP server '%s' not found", name) }

func (a *API) showLDAP(server schema.Values, order int) map[string]any {
	shown := map[string]any{"id": server["id"], "order": order}
	for _, field := range ldapBody.Fields {
		if !field.Secret {
			shown[field.Name] = server[field.Name]
		}
	}
	return shown
}

func (a *API) updateLDAP(c *call, body schema.Values) (answer, error) {
	name := c.param("name")
	current, exists := a.Settings.LDAP().Get(name)
	if !exists {
		return answer{}, unknownLDAP(name)
	}
	body["id"] = current["id"]
	if body.String("name") != name {
		if _, err := a.Settings.LDAP().Delete(name); err != nil {
			return answer{}, err
		}
	}
	return orDone(a.Settings.LDAP().Put(body.String("name"), body))
}
