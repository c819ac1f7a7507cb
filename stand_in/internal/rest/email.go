package rest

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

var hostPattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.\-:]*[A-Za-z0-9])?$`)

var emailBody = &schema.Object{Class: "org.sonatype.nexus.email.rest.ApiEmailConfiguration", Fields: []schema.Field{
	{Name: "enabled", Kind: schema.PrimitiveBool},
	{Name: "host", Rule: schema.NotBlank, Checks: []schema.Check{func(value any) string {
		if text, ok := value.(string); ok && strings.TrimSpace(text) != "" && !hostPattern.MatchString(text) {
			return "Hostname must be valid"
		}
		return ""
	}}},
	{Name: "port", Kind: schema.Int, Rule: schema.NotNull, Checks: []schema.Check{func(value any) string {
		if n, ok := value.(int64); ok && (n < 1 || n > 65535) {
			return "Port-number must be >= 1 AND <= 65535."
		}
		return ""
	}}},
	{Name: "username"}, {Name: "password", Secret: true},
	{Name: "fromAddress", Rule: schema.NotBlank, Checks: []schema.Check{schema.MailAddress}}, {Name: "subjectPrefix"},
	{Name: "startTlsEnabled", Kind: schema.PrimitiveBool}, {Name: "startTlsRequired", Kind: schema.PrimitiveBool},
	{Name: "sslOnConnectEnabled", Kind: schema.PrimitiveBool}, {Name: "sslServerIdentityCheckEnabled", Kind: schema.PrimitiveBool},
	{Name: "nexusTrustStoreEnabled", Kind: schema.PrimitiveBool},
}}

func (a *API) emailRoutes() {
	a.on(route{method: "GET", path: "/email", need: may("settings", "read")}, func(*call) (answer, error) {
		return ok(showEmail(a.Settings.Email())), nil
	})
	a.onBody(route{method: "PUT", path: "/email", need: may("settings", "update"), body: emailBody}, func(_ *call, body schema.Values) (answer, error) {
		if body["username"] == nil {
			body["username"] = ""
		}
		keepSecrets(body, a.Settings.Email(), emailBody)
		return orDone(a.Settings.SetEmail(body))
	})
	a.on(route{method: "DELETE", path: "/email", need: may("settings", "update")}, func(*call) (answer, error) {
		return orDone(a.Settings.SetEmail(schema.Values{}))
	})
	a.on(route{method: "POST", path: "/email/verify", need: may("settings", "update")}, a.verifyEmail)
}

func showEmail(values schema.Values) map[string]any {
	shown := withoutSecrets(values, emailBody)
	shown["port"] = values.Int("port")
	for _, field := range emailBody.Fields {
		if field.Kind == schema.PrimitiveBool {
			shown[field.Name] = values.Bool(field.Name)
		}
	}
	return shown
}

// verifyEmail sends no mail: it reports whether the mail server accepts connections.
func (a *API) verifyEmail(c *call) (answer, error) {
	address, err := c.text()
	if err != nil {
		return answer{}, err
	}
	address = strings.Trim(strings.TrimSpace(address), `"`)
	if !strings.Contains(address, "@") {
		return answer{}, problem.Refuse("Missing final '@domain' in string ``%s''", address)
	}
	server := net.JoinHostPort(a.Settings.Email().String("host"), strconv.FormatInt(a.Settings.Email().Int("port"), 10))
	connection, err := net.DialTimeout("tcp", server, 5*time.Second)
	if err != nil {
		return ok(map[string]any{"success": false, "reason": "Sending the email to the following server failed : " + server}), nil
	}
	connection.Close()
	return ok(map[string]any{"success": true, "reason": nil}), nil
}
