package rest

import (
	"errors"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
)

var (
	selectorCreate = &schema.Object{Class: "ContentSelectorApiCreateRequest", Fields: []schema.Field{
		{Name: "name", Rule: schema.NotBlank, Checks: []schema.Check{schema.WellFormedName}}, {Name: "description"}, {Name: "expression", Rule: schema.NotBlank},
	}}
	selectorUpdate = &schema.Object{Class: "ContentSelectorApiUpdateRequest", Fields: selectorCreate.Fields[1:]}
)

// noStore is sent with content selectors only.
const noStore = "no-cache, must-revalidate, no-transform, no-store, proxy-revalidate, s-maxage=0, max-age=0"

func (a *API) selectorRoutes() {
	const path = "/security/content-selectors"
	a.on(route{method: "GET", path: path, need: may("selectors", "read"), cacheControl: noStore}, func(*call) (answer, error) {
		return ok(a.Security.Selectors()), nil
	})
	a.on(route{method: "GET", path: path + "/{name}", need: may("selectors", "read")}, func(c *call) (answer, error) {
		selector, err := a.selector(c.param("name"))
		return ok(selector), err
	})
	a.onBody(route{method: "POST", path: path, need: may("selectors", "create"), body: selectorCreate}, a.createSelector)
	a.onBody(route{method: "PUT", path: path + "/{name}", need: may("selectors", "update"), body: selectorUpdate}, a.updateSelector)
	a.on(route{method: "DELETE", path: path + "/{name}", need: may("selectors", "delete")}, a.deleteSelector)
}

func (a *API) selector(name string) (security.Selector, error) {
	selector, exists := a.Security.Selector(name)
	if !exists {
		return selector, problem.NotFound("No selector found for %s", name)
	}
	return selector, nil
}

func fillSelector(selector *security.Selector, body schema.Values) error {
	selector.Description = nil
	if body["description"] != nil {
		description := body.String("description")
		selector.Description = &description
	}
	selector.Expression = body.String("expression")
	if err := security.CheckExpression(selector.Expression); err != nil {
		if fault := notPlayed(err); fault != nil {
			return fault
		}
		return problem.Violation("HelperBean.expression", "Invalid CSEL: %v", err)
	}
	return nil
}

func (a *API) createSelector(_ *call, body schema.Values) (answer, error) {
	selector := security.Selector{Name: body.String("name"), Type: "csel"}
	if err := fillSelector(&selector, body); err != nil {
		return answer{}, err
	}
	if err := problem.TooLong("NAME", selector.Name); err != nil {
		return answer{}, err
	}
	err := a.Security.AddSelector(selector)
	if errors.Is(err, security.ErrDuplicate) {
		return answer{}, problem.Violation("name", "A selector with the same name already exists. Name must be unique.")
	}
	return orDone(err)
}

func (a *API) updateSelector(c *call, body schema.Values) (answer, error) {
	selector, err := a.selector(c.param("name"))
	if err != nil {
		return answer{}, err
	}
	if err := fillSelector(&selector, body); err != nil {
		return answer{}, err
	}
	return orDone(a.Security.SetSelector(selector))
}

func (a *API) deleteSelector(c *call) (answer, error) {
	name := c.param("name")
	if _, err := a.selector(name); err != nil {
		return answer{}, err
	}
	err := a.Security.DeleteSelector(name)
	if errors.Is(err, security.ErrInUse) {
		return answer{}, &problem.Fault{Class: "java.lang.IllegalStateException", Message: "Content selector " + name + " is in use and cannot be deleted"}
	}
	return orDone(err)
}
