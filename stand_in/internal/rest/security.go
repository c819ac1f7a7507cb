package rest

import (
	"fmt"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
)

var anonymousBody = &schema.Object{Class: "org.sonatype.nexus.security.anonymous.rest.AnonymousAccessSettingsXO", Fields: []schema.Field{
	{Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "userId", KeepNull: true, Checks: []schema.Check{notBlank}}, {Name: "realmName", KeepNull: true, Checks: []schema.Check{notBlank}},
}}

func notBlank(value any) string {
	if text, ok := value.(string); ok && strings.TrimSpace(text) == "" {
		return "must not be blank"
	}
	return ""
}

func (a *API) securityRoutes() {
	a.on(route{method: "GET", path: "/security/realms/active", need: may("settings", "read")}, func(*call) (answer, error) {
		return ok(a.Security.ActiveRealms()), nil
	})
	a.on(route{method: "GET", path: "/security/realms/available", need: may("settings", "read")}, func(*call) (answer, error) {
		return ok(a.Security.Realms()), nil
	})
	a.on(route{method: "PUT", path: "/security/realms/active", need: may("settings", "update"), consumes: "application/json"}, a.setRealms)
	a.on(route{method: "GET", path: "/security/anonymous", need: may("settings", "read")}, func(*call) (answer, error) {
		return ok(a.Security.Anonymous()), nil
	})
	a.onBody(route{method: "PUT", path: "/security/anonymous", need: may("settings", "update"), body: anonymousBody,
		nullBody: &problem.Fault{Class: "java.lang.NullPointerException", Message: fmt.Sprintf(
			"Cannot invoke \"%s.getRealmName()\" because \"settings\" is null", anonymousBody.Class)}}, a.setAnonymous)
}

func (a *API) setAnonymous(_ *call, body schema.Values) (answer, error) {
	settings := security.Anonymous{Enabled: body.Bool("enabled"), UserID: "anonymous", RealmName: security.AuthorizingRealm}
	var nulls problem.Violations
	for name, value := range map[string]*string{"userId": &settings.UserID, "realmName": &settings.RealmName} {
		if sent, is := body[name]; is && sent == nil {
			nulls = append(nulls, schema.Violation{ID: "PARAMETER " + name, Message: "must not be blank"})
		} else if is {
			*value = body.String(name)
		}
	}
	if nulls != nil {
		return answer{}, nulls
	}
	if settings.RealmName != security.AuthorizingRealm && !a.knownRealm(settings.RealmName) {
		return answer{}, problem.Violation("realmName", "Realm does not exist")
	}
	if err := problem.FirstTooLong("USER_ID", settings.UserID, "REALM_NAME", settings.RealmName); err != nil {
		return answer{}, err
	}
	if err := a.Settings.ConfiguredAnonymous(); err != nil {
		return answer{}, err
	}
	return ok(settings), a.Security.SetAnonymous(settings)
}

func (a *API) knownRealm(id string) bool {
	for _, realm := range a.Security.Realms() {
		if realm.ID == id {
			return true
		}
	}
	return false
}

func (a *API) setRealms(c *call) (answer, error) {
	text, err := c.text()
	if err != nil {
		return answer{}, err
	}
	field := schema.Field{Name: "realms", Kind: schema.TextList}
	if strings.TrimSpace(text) == "" {
		text = "null"
	}
	wrapped, err := decode(`{"realms":`+text+`}`, &schema.Object{Fields: []schema.Field{field}})
	if err != nil {
		return answer{}, err
	}
	if wrapped["realms"] == nil {
		return answer{}, problem.Violation("PARAMETER arg0", "must not be null")
	}
	realms := wrapped.Strings("realms")
	var unknown []string
	for _, id := range realms {
		if !a.knownRealm(id) {
			unknown = append(unknown, id)
		}
	}
	if unknown != nil {
		return answer{}, &problem.Text{Status: 400, Message: `"Unknown realmIds: [` + strings.Join(unknown, ", ") + `]"`}
	}
	return orDone(a.Security.SetActiveRealms(realms))
}
