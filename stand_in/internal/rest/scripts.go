package rest

import (
	"net/http"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

var scriptBody = &schema.Object{Class: "org.sonatype.nexus.script.ScriptXO", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotEmpty, Checks: []schema.Check{schema.WellFormedName}}, {Name: "content", Rule: schema.NotEmpty}, {Name: "type", Rule: schema.NotEmpty},
}}

// scriptRoutes reject the creation of scripts, like a server with default settings; with --allow-scripts, scripts are stored
// but never run.
func (a *API) scriptRoutes() {
	a.on(route{method: "GET", path: "/script", need: permission{"script", "*", "browse"}}, func(*call) (answer, error) {
		list := []map[string]any{}
		for _, script := range a.Settings.Kept(settings.Scripts).All() {
			list = append(list, withoutSecrets(script, scriptBody))
		}
		return ok(list), nil
	})
	a.onBody(route{method: "POST", path: "/script", need: permission{"script", "*", "add"}, body: scriptBody}, a.createScript)
	a.on(route{method: "GET", path: "/script/{name}", need: permission{"script", "*", "read"}}, a.onScript(func(script schema.Values) (answer, error) {
		return ok(withoutSecrets(script, scriptBody)), nil
	}))
	a.onBody(route{method: "PUT", path: "/script/{name}", need: permission{"script", "*", "edit"}, body: scriptBody}, func(c *call, body schema.Values) (answer, error) {
		name, sent := c.param("name"), body.String("name")
		if a.AllowScripts && sent != name {
			return answer{}, &problem.Fault{Class: "java.lang.IllegalArgumentException",
				Message: "Path parameter: " + name + " does not match data name: " + sent}
		}
		return a.onScript(func(current schema.Values) (answer, error) {
			if !a.AllowScripts {
				return scriptsDisabled(body), nil
			}
			body["type"] = current["type"] // cannot be updated
			return orDone(a.Settings.Kept(settings.Scripts).Put(name, body))
		})(c)
	})
	a.on(route{method: "DELETE", path: "/script/{name}", need: permission{"script", "*", "delete"}}, a.onScript(func(script schema.Values) (answer, error) {
		_, err := a.Settings.Kept(settings.Scripts).Delete(script.String("name"))
		return orDone(err)
	}))
	a.on(route{method: "POST", path: "/script/{name}/run", need: permission{"script", "*", "run"}}, func(c *call) (answer, error) {
		return a.onScript(func(script schema.Values) (answer, error) {
			if mediaType(c.Request) == "" {
				return answer{}, problem.Status(http.StatusUnsupportedMediaType)
			}
			return answer{status: http.StatusBadRequest, body: map[string]any{"name": script["name"],
				"result": "java.lang.UnsupportedOperationException: this stand-in for Nexus runs no scripts"}}, nil
		})(c)
	})
}

func scriptsDisabled(body schema.Values) answer {
	return answer{status: http.StatusGone, body: map[string]string{"name": body.String("name"), "result": "Creating and updating scripts is disable"}}
}

func (a *API) onScript(handle func(schema.Values) (answer, error)) endpoint {
	return func(c *call) (answer, error) {
		script, exists := a.Settings.Kept(settings.Scripts).Get(c.param("name"))
		if !exists {
			return answer{}, notFound
		}
		return handle(script)
	}
}

func (a *API) createScript(_ *call, body schema.Values) (answer, error) {
	if !a.AllowScripts {
		return scriptsDisabled(body), nil
	}
	if err := problem.TooLong("NAME", body.String("name")); err != nil {
		return answer{}, err
	}
	if err := problem.LongerThan(100, "TYPE", body.String("type")); err != nil {
		return answer{}, err
	}
	added, err := a.Settings.Kept(settings.Scripts).Insert(body.String("name"), body)
	if err == nil && !added {
		err = &problem.Fault{Class: "org.sonatype.nexus.datastore.api.DuplicateKeyException", Message: "Duplicate key"}
	}
	return orDone(err)
}
