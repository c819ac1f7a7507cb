package rest

import (
	"maps"
	"net/http"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

// The settings of external servers. They are stored; no server is ever contacted.
var (
	samlBody = &schema.Object{Class: "SamlConfigurationXO", Fields: []schema.Field{
		{Name: "entityId"}, {Name: "idpMetadata", Rule: schema.NotBlank}, {Name: "usernameAttribute", Rule: schema.NotBlank},
		{Name: "firstNameAttribute"}, {Name: "lastNameAttribute"}, {Name: "emailAttribute"}, {Name: "groupsAttribute"},
		{Name: "validateResponseSignature", Kind: schema.Bool}, {Name: "validateAssertionSignature", Kind: schema.Bool},
	}}
	oauth2Body = &schema.Object{Class: "OAuth2OidcConfigurationXO", Fields: []schema.Field{
		{Name: "clientId"}, {Name: "clientSecret", Secret: true}, {Name: "idpAuthorizationUrl"}, {Name: "idpTokenUrl"}, {Name: "idpLogoutUrl"},
		{Name: "idpJwks"}, {Name: "idpJwksUrl"}, {Name: "idpJwsAlgorithm", Rule: schema.NotBlank}, {Name: "useTrustStore", Kind: schema.Bool},
		{Name: "usernameClaim", Rule: schema.NotBlank}, {Name: "firstNameClaim"}, {Name: "lastNameClaim"}, {Name: "emailClaim"}, {Name: "groupsClaim"},
		{Name: "exactMatchClaims", Kind: schema.TextMap}, {Name: "authorizationCustomParams", Kind: schema.TextMap},
		{Name: "tokenRequestCustomParams", Kind: schema.TextMap},
	}}
	crowdBody = &schema.Object{Class: "CrowdApiXO", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "realmActive", Kind: schema.PrimitiveBool}, {Name: "url", Rule: schema.NotBlank},
		{Name: "useTrustStoreForUrl", Kind: schema.PrimitiveBool}, {Name: "applicationName", Rule: schema.NotBlank},
		{Name: "applicationPassword", Rule: schema.NotBlank, Secret: true},
		{Name: "timeout", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 3600)}},
	}}
	iqBody = &schema.Object{Class: "IqConnectionXo", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "showLink", Kind: schema.PrimitiveBool}, {Name: "url", Rule: schema.NotBlank},
		{Name: "authenticationType", Kind: schema.Enum, Rule: schema.NotNull, Class: "IqAuthenticationType", Enum: []string{"USER", "PKI"}},
		{Name: "username"}, {Name: "password", Secret: true}, {Name: "useTrustStoreForUrl", Kind: schema.PrimitiveBool},
		{Name: "timeoutSeconds", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 3600)}}, {Name: "properties"},
		{Name: "failOpenModeEnabled", Kind: schema.PrimitiveBool},
	}}
	auditBody = &schema.Object{Class: "IqAuditXo", Fields: []schema.Field{
		{Name: "repositoryName", Rule: schema.NotBlank}, {Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "enabledQuarantine", Kind: schema.PrimitiveBool},
	}}
)

const firewallSettings = "iq"

func (a *API) firewallRoutes() {
	a.on(route{method: "POST", path: "/iq/enable", need: may("settings", "update"), since: afterCore}, func(*call) (answer, error) { return a.switchFirewall(true) })
	a.on(route{method: "POST", path: "/iq/disable", need: may("settings", "update"), since: afterCore}, func(*call) (answer, error) { return a.switchFirewall(false) })
	a.on(route{method: "POST", path: "/iq/verify-connection", need: may("settings", "update"), since: afterCore}, func(*call) (answer, error) {
		return ok(map[string]any{"success": false, "reason": "this stand-in for Nexus asks no other server"}), nil
	})
	a.on(route{method: "GET", path: "/iq/audit", need: may("settings", "read"), since: afterCore}, func(*call) (answer, error) {
		list := []map[string]any{}
		for _, audit := range a.Settings.Kept(settings.Audits).All() {
			list = append(list, withoutSecrets(audit, auditBody))
		}
		return ok(list), nil
	})
	a.on(route{method: "GET", path: "/iq/audit/{name}", need: may("settings", "read"), since: afterCore}, func(c *call) (answer, error) {
		audit, exists := a.Settings.Kept(settings.Audits).Get(c.param("name"))
		if !exists {
			return answer{}, notFound
		}
		return ok(withoutSecrets(audit, auditBody)), nil
	})
	a.onBody(route{method: "PUT", path: "/iq/audit", need: may("settings", "update"), body: auditBody, since: afterCore}, a.setAudit)
}

func (a *API) switchFirewall(enabled bool) (answer, error) {
	values, exists := a.Settings.Single(firewallSettings)
	if !exists {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	values = maps.Clone(values)
	values["enabled"] = enabled
	_, err := a.Settings.SetSingle(firewallSettings, values)
	return orDone(err)
}

func (a *API) setAudit(_ *call, body schema.Values) (answer, error) {
	record, exists := a.Repositories.Find(body.String("repositoryName"))
	switch {
	case !exists:
		return answer{}, notFound
	case record.Type != "proxy":
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	return orDone(a.Settings.Kept(settings.Audits).Put(record.Name, body))
}
