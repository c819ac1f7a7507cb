package rest

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// swagger lists the operations of this server, for clients that check what they can use.
func (a *API) swagger(version string) endpoint {
	return func(*call) (answer, error) {
		paths := map[string]map[string]any{}
		err := chi.Walk(a.router, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
			path, below := strings.CutPrefix(path, "/service/rest")
			if !below {
				return nil
			}
			if paths[path] == nil {
				paths[path] = map[string]any{}
			}
			paths[path][strings.ToLower(method)] = map[string]any{"responses": map[string]any{}}
			return nil
		})
		return ok(map[string]any{
			"swagger": "2.0", "basePath": "/service/rest/", "paths": paths,
			"info": map[string]string{"title": "Nexus Repository Manager REST API (stand-in)", "version": version},
		}), err
	}
}
