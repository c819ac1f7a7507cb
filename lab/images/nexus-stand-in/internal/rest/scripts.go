package rest

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/schema"
)

var scriptBody = &schema.Object{Class: "org.sonatype.nexus.script.ScriptXO", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotEmpty, Checks: []schema.Check{schema.WellFormedName}}, {Name: "content", Rule: schema.NotEmpty}, {Name: "type", Rule: schema.NotEmpty},
}}

// scriptRoutes play a server on which scripts may not be created, as it is shipped.
func (a *API) scriptRoutes() {
	none := func(*call) (answer, error) { return answer{}, notFound }
	a.on(route{method: "GET", path: "/script", need: permission{"script", "*", "browse"}}, func(*call) (answer, error) { return ok([]any{}), nil })
	a.onBody(route{method: "POST", path: "/script", need: permission{"script", "*", "add"}, body: scriptBody}, func(_ *call, body schema.Values) (answer, error) {
		return answer{status: http.StatusGone, body: map[string]string{"name": body.String("name"), "result": "Creating and updating scripts is disable"}}, nil
	})
	a.on(route{method: "GET", path: "/script/{name}", need: permission{"script", "*", "read"}}, none)
	a.onBody(route{method: "PUT", path: "/script/{name}", need: permission{"script", "*", "edit"}, body: scriptBody}, func(*call, schema.Values) (answer, error) {
		return answer{}, notFound
	})
	a.on(route{method: "DELETE", path: "/script/{name}", need: permission{"script", "*", "delete"}}, none)
	a.on(route{method: "POST", path: "/script/{name}/run", need: permission{"script", "*", "run"}}, none)
}
