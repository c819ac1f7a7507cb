package rest

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/schema"
)

// afterCore is the first version that has more than the recorded open-source core.
const afterCore = 78

// single is a settings object without an effect in the stand-in.
type single struct {
	path, name, domain string
	since              int
	body               *schema.Object
	shipped            schema.Values // nil: 404 until it is set
	echo               bool          // PUT returns the object
	anyMedia           bool          // PUT accepts a body without a content type
	removable          bool
}

func (a *API) singleRoutes() {
	a.single(single{path: "/security/saml", name: "saml", domain: "settings", body: samlBody, removable: true})
	a.single(single{path: "/security/oauth2", name: "oauth2", domain: "settings", since: 97, body: oauth2Body, removable: true})
	a.single(single{path: "/security/atlassian-crowd", name: "crowd", domain: "crowd", body: crowdBody, echo: true, anyMedia: true,
		shipped: schema.Values{"enabled": false, "realmActive": false, "useTrustStoreForUrl": false}})
	a.single(single{path: "/security/user-tokens", name: userTokenSettings, domain: "usertoken-settings", body: userTokensBody, echo: true,
		shipped: schema.Values{"enabled": false, "protectContent": false, "expirationEnabled": false, "expirationDays": int64(30)}})
	a.single(single{path: "/iq", name: firewallSettings, domain: "settings", body: iqBody, echo: true,
		shipped: schema.Values{"enabled": false, "showLink": false, "authenticationType": "USER", "useTrustStoreForUrl": false}})
}

func (a *API) single(s single) {
	if s.since == 0 {
		s.since = afterCore
	}
	show := func(values schema.Values) map[string]any { return masked(values, s.body, placeholder) }
	a.on(route{method: "GET", path: s.path, need: may(s.domain, "read"), since: s.since}, func(*call) (answer, error) {
		values, exists := a.Settings.Single(s.name)
		switch {
		case exists:
			return ok(show(values)), nil
		case s.shipped == nil:
			return answer{}, notFound
		}
		return ok(show(s.shipped)), nil
	})
	a.onBody(route{method: "PUT", path: s.path, need: may(s.domain, "update"), body: s.body, anyMedia: s.anyMedia, since: s.since}, func(_ *call, body schema.Values) (answer, error) {
		current, _ := a.Settings.Single(s.name)
		keepSecrets(body, current, s.body)
		existed, err := a.Settings.SetSingle(s.name, body)
		switch {
		case s.echo:
			return ok(show(body)), err
		case !existed && s.name == "saml":
			return empty(http.StatusCreated), err
		}
		return orDone(err)
	})
	if s.removable {
		a.on(route{method: "DELETE", path: s.path, need: may(s.domain, "update"), since: s.since}, func(*call) (answer, error) {
			return orDone(a.Settings.DropSingle(s.name))
		})
	}
}
