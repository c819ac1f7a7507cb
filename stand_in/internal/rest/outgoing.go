package rest

import "repository-store/nexus-stand-in/internal/schema"

var proxySettings = &schema.Object{Class: "ProxySettingsXo", Fields: []schema.Field{
	{Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "host"}, {Name: "port"},
	{Name: "authInfo", Kind: schema.Part, Part: &schema.Object{Class: "AuthSettingsXo", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.PrimitiveBool}, {Name: "username"}, {Name: "password", Secret: true}, {Name: "ntlmHost"}, {Name: "ntlmDomain"},
	}}},
}}

var (
	httpBody = &schema.Object{Class: "HttpSettingsXo", Fields: []schema.Field{
		{Name: "userAgent"}, {Name: "timeout", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 3600)}},
		{Name: "retries", Kind: schema.Int, Checks: []schema.Check{schema.Between(0, 10)}},
		{Name: "nonProxyHosts", Kind: schema.TextList},
		{Name: "httpProxy", Kind: schema.Part, Part: proxySettings}, {Name: "httpsProxy", Kind: schema.Part, Part: proxySettings},
	}}
	ssrfBody = &schema.Object{Class: "SsrfProtectionConfigurationXO", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.Bool, Rule: schema.NotNull}, {Name: "allowedIPs", Kind: schema.TextList}, {Name: "allowedDomains", Kind: schema.TextList},
	}}
)

// showHTTP shows the defaults of unset timeout and retries: the published API always has numbers there.
func showHTTP(settings schema.Values) map[string]any {
	shown := masked(settings, httpBody, "")
	for name, usual := range map[string]int64{"timeout": 20, "retries": 2} {
		if shown[name] == nil {
			shown[name] = usual
		}
	}
	return shown
}

// outgoingRoutes are about requests that the server sends.
func (a *API) outgoingRoutes() {
	a.on(route{method: "GET", path: "/http", need: may("settings", "read"), since: 74}, func(*call) (answer, error) {
		return ok(showHTTP(a.Settings.HTTP())), nil
	})
	a.onBody(route{method: "PUT", path: "/http", need: may("settings", "update"), body: httpBody, since: 74},
		func(_ *call, body schema.Values) (answer, error) { return orDone(a.Settings.SetHTTP(body)) })
	a.on(route{method: "DELETE", path: "/http", need: may("settings", "update"), since: 74}, func(*call) (answer, error) {
		return orDone(a.Settings.SetHTTP(schema.Values{}))
	})
	a.on(route{method: "GET", path: "/security/ssrf-protection", need: may("settings", "read"), since: 92}, func(*call) (answer, error) {
		return ok(showSSRF(a.Settings.SSRF())), nil
	})
	a.onBody(route{method: "PUT", path: "/security/ssrf-protection", need: may("settings", "update"), body: ssrfBody, since: 92},
		func(_ *call, body schema.Values) (answer, error) { return ok(showSSRF(body)), a.Settings.SetSSRF(body) })
}
