package rest

import (
	"strings"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

var capabilityBody = &schema.Object{Class: "CapabilityDTO", Fields: []schema.Field{
	{Name: "id"}, {Name: "type"}, {Name: "notes"}, {Name: "enabled", Kind: schema.Bool}, {Name: "properties", Kind: schema.TextMap},
}}

func (a *API) capabilityRoutes() {
	const path, since = "/capabilities", 82
	a.on(route{method: "GET", path: path, need: may("capabilities", "read"), since: since}, func(*call) (answer, error) {
		list := []map[string]any{}
		for _, capability := range a.Settings.Capabilities().All() {
			list = append(list, a.showCapability(capability))
		}
		return ok(list), nil
	})
	a.onBody(route{method: "POST", path: path, need: may("capabilities", "create"), body: capabilityBody, since: since}, a.createCapability)
	a.onBody(route{method: "PUT", path: path + "/{id}", need: may("capabilities", "update"), body: capabilityBody, since: since}, a.updateCapability)
	a.on(route{method: "DELETE", path: path + "/{id}", need: may("capabilities", "delete"), since: since}, func(c *call) (answer, error) {
		removed, err := a.Settings.Capabilities().Delete(c.param("id"))
		if err == nil && !removed {
			err = unknownCapability(c.param("id"))
		}
		return orDone(err)
	})
}

func unknownCapability(id string) error {
	return &problem.Fault{Class: "org.sonatype.nexus.capability.CapabilityNotFoundException", Message: "Capability with id '" + id + "' was not found"}
}

// hidesWebhookSecret is the first version that does not return the secret of a webhook; before, only names with "password" were
// masked (core 3.77.0; from 3.87.1 on clients report that it is no longer returned).
const hidesWebhookSecret = 87

func (a *API) isMasked(name string) bool {
	return strings.Contains(strings.ToLower(name), "password") || name == "secret" && a.Minor >= hidesWebhookSecret
}

func (a *API) showCapability(capability schema.Values) map[string]any {
	properties := schema.Values{}
	for name, value := range capability.Part("properties") {
		switch {
		case !a.isMasked(name):
			properties[name] = value
		case capability.Part("properties").String("authenticationType") == "PKI":
			properties[name] = ""
		default:
			properties[name] = placeholder
		}
	}
	enabled := capability["enabled"] == nil || capability.Bool("enabled")
	return map[string]any{
		"id": capability["id"], "type": capability["type"], "typeName": capability["type"], "notes": capability["notes"], "enabled": enabled,
		"active": enabled, "error": false, "description": nil, "state": "ok", "stateDescription": nil, "status": nil, "tags": map[string]string{},
		"properties": properties,
	}
}

func (a *API) createCapability(_ *call, body schema.Values) (answer, error) {
	if strings.TrimSpace(body.String("type")) == "" {
		return answer{}, problem.Violation("PARAMETER type", "must not be blank")
	}
	body["id"] = uuid.NewString()
	return ok(a.showCapability(body)), a.Settings.Capabilities().Put(body.String("id"), body)
}

// updateCapability uses the id in the body and ignores the id in the path. The type cannot be changed.
func (a *API) updateCapability(_ *call, body schema.Values) (answer, error) {
	id := body.String("id")
	current, exists := a.Settings.Capabilities().Get(id)
	if !exists {
		return answer{}, unknownCapability(id)
	}
	body["type"] = current["type"]
	for name, value := range body.Part("properties") {
		if value == placeholder {
			body.Part("properties")[name] = current.Part("properties")[name]
		}
	}
	return orDone(a.Settings.Capabilities().Put(id, body))
}
