package rest

import (
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
)

// disclaimer has to be sent back unchanged.
const disclaimer = "Use of Sonatype Nexus Repository - Community Edition is governed by the End User License Agreement at " +
	"https://links.sonatype.com/products/nxrm/ce-eula. By returning the value from ‘accepted:false’ to ‘accepted:true’, you acknowledge " +
	"that you have read and agree to the End User License Agreement at https://links.sonatype.com/products/nxrm/ce-eula."

var eulaBody = &schema.Object{Class: "EulaStatus", Fields: []schema.Field{{Name: "accepted", Kind: schema.PrimitiveBool}, {Name: "disclaimer"}}}

var telemetryBody = &schema.Object{Class: "MandatoryTelemetryAcknowledgementStatus", Fields: []schema.Field{{Name: "acknowledgement", Kind: schema.PrimitiveBool}}}

func (a *API) systemRoutes() {
	a.on(route{method: "GET", path: "/system/eula", need: administrator}, func(*call) (answer, error) {
		return ok(map[string]any{"accepted": a.Settings.EULAAccepted(), "disclaimer": disclaimer}), nil
	})
	a.onBody(route{method: "POST", path: "/system/eula", need: administrator, body: eulaBody}, a.acceptEULA)
	if a.Pro {
		a.on(route{method: "GET", path: "/system/license", need: administrator}, a.license)
	}
	a.on(route{method: "GET", path: "/system/node", need: administrator}, func(*call) (answer, error) {
		return ok(map[string]string{"nodeId": a.NodeID}), nil
	})
	a.on(route{method: "GET", path: "/lifecycle/phase"}, func(*call) (answer, error) { return ok("TASKS"), nil })
	a.on(route{method: "GET", path: "/service/rest/internal/ui/onboarding", need: administrator}, a.onboarding)
	a.on(route{method: "PUT", path: "/service/rest/internal/ui/onboarding/change-admin-password", need: administrator, consumes: "text/plain"}, a.onboardPassword)
	const telemetry = "/system/mandatory-telemetry-acknowledgement"
	a.on(route{method: "GET", path: telemetry, need: administrator, since: 97}, func(*call) (answer, error) {
		return ok(map[string]any{"acknowledgement": a.Settings.TelemetryAcknowledged()}), nil
	})
	a.onBody(route{method: "POST", path: telemetry, need: administrator, body: telemetryBody, since: 97}, func(_ *call, body schema.Values) (answer, error) {
		return orDone(a.Settings.AcknowledgeTelemetry(body.Bool("acknowledgement")))
	})
	a.on(route{method: "GET", path: "/service/rest/swagger.json"}, a.swagger(a.Version))
	a.readOnlyRoutes()
}

func (a *API) acceptEULA(_ *call, body schema.Values) (answer, error) {
	if body.String("disclaimer") != disclaimer {
		return answer{}, &problem.Fault{Class: "java.lang.IllegalArgumentException", Message: "Invalid EULA disclaimer"}
	}
	return orDone(a.Settings.AcceptEULA(body.Bool("accepted")))
}

// license describes the licence of a Pro server.
func (a *API) license(*call) (answer, error) {
	return ok(map[string]any{"contactCompany": "Stand-in", "contactEmail": "none@example.org", "contactName": "none",
		"effectiveDate": "2026-01-01T00:00:00.000+00:00", "expirationDate": "2036-01-01T00:00:00.000+00:00", "features": "SonatypeCLM",
		"fingerprint": "none", "licenseType": "stand-in", "licensedUsers": "1"}), nil
}

func (a *API) onboarding(*call) (answer, error) {
	items := []map[string]any{}
	if admin, exists := a.Security.User("admin"); exists && admin.Status == security.ChangePassword {
		items = append(items, map[string]any{"priority": 0, "type": "ChangeAdminPassword"})
	}
	if !a.Settings.AnonymousConfigured() {
		items = append(items, map[string]any{"priority": 3, "type": "ConfigureAnonymousAccess"})
	}
	return ok(items), nil
}

func (a *API) onboardPassword(c *call) (answer, error) {
	password, err := c.text()
	if err == nil && strings.TrimSpace(password) == "" {
		err = problem.Refuse("Password must be supplied.")
	}
	if err != nil {
		return answer{}, err
	}
	return orDone(a.Security.ChangePassword("admin", password))
}

// readOnlyRoutes exist only before 3.91.
func (a *API) readOnlyRoutes() {
	const path, gone = "/read-only", 91
	a.on(route{method: "GET", path: path, until: gone}, func(*call) (answer, error) {
		return ok(map[string]any{"summaryReason": a.Settings.FreezeReason(), "systemInitiated": false, "frozen": a.Settings.Frozen()}), nil
	})
	set := func(frozen, force bool) endpoint {
		return func(*call) (answer, error) {
			if !a.Settings.SetFrozen(frozen) && !force {
				return answer{}, problem.Status(http.StatusNotFound)
			}
			return done()
		}
	}
	a.on(route{method: "POST", path: path + "/freeze", need: administrator, whileFrozen: true, until: gone}, set(true, false))
	a.on(route{method: "POST", path: path + "/release", need: administrator, whileFrozen: true, until: gone}, set(false, false))
	a.on(route{method: "POST", path: path + "/force-release", need: administrator, whileFrozen: true, until: gone}, set(false, true))
}
