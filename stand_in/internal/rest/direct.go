package rest

import "repository-store/nexus-stand-in/internal/schema"

// DirectPath is the endpoint of the administration pages. Only one of its requests is played, since the REST API of the core
// lacks it: the content disposition of raw groups. Later releases are not known to have it.
const DirectPath = "/service/extdirect"

var directBody = &schema.Object{Class: "com.softwarementors.extjs.djn.router.processor.standard.json.JsonRequestData", Fields: []schema.Field{
	{Name: "action"}, {Name: "method"}, {Name: "data", Kind: schema.Free}, {Name: "type"}, {Name: "tid", Kind: schema.Int},
}}

func (a *API) directRoutes() {
	a.onBody(route{method: "POST", path: DirectPath, body: directBody, whileFrozen: true, until: afterCore}, a.direct)
}

func (a *API) direct(c *call, body schema.Values) (answer, error) {
	response := map[string]any{"tid": body["tid"], "action": body["action"], "method": body["method"]}
	if body.String("action") != "coreui_Repository" || body.String("method") != "read" {
		response["message"] = "RequestException: No action registered as '" + body.String("action") + "'"
		return ok(response), nil
	}
	data := []map[string]any{}
	for _, record := range a.Repositories.All() {
		if !a.Security.AllowedRepository(c.principal, record.Format, record.Name, "read") {
			continue
		}
		attributes := map[string]any{}
		if part := record.Parts.Part("raw"); part != nil {
			attributes["raw"] = part
		}
		data = append(data, map[string]any{
			"name": record.Name, "type": record.Type, "format": record.Format, "online": record.Online, "attributes": attributes,
		})
	}
	response["type"], response["result"] = "rpc", map[string]any{"success": true, "data": data}
	return ok(response), nil
}
