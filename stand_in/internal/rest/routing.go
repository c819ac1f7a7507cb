package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/javaregex"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

var ruleBody = &schema.Object{Class: "org.sonatype.nexus.repository.rest.api.RoutingRuleXO", Fields: []schema.Field{
	{Name: "name"}, {Name: "description"},
	{Name: "mode", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.routing.RoutingMode", Enum: []string{"ALLOW", "BLOCK"}},
	{Name: "matchers", Kind: schema.TextList},
}}

func (a *API) routingRoutes() {
	a.on(route{method: "GET", path: "/routing-rules", need: administrator}, func(*call) (answer, error) { return ok(a.Settings.Rules()), nil })
	a.on(route{method: "GET", path: "/routing-rules/{name}", need: administrator}, func(c *call) (answer, error) {
		rule, err := a.rule(c.param("name"))
		return ok(rule), err
	})
	a.onBody(route{method: "POST", path: "/routing-rules", need: administrator, body: ruleBody}, a.createRule)
	a.onBody(route{method: "PUT", path: "/routing-rules/{name}", need: administrator, body: ruleBody}, a.updateRule)
	a.on(route{method: "DELETE", path: "/routing-rules/{name}", need: administrator}, a.deleteRule)
}

func (a *API) rule(name string) (settings.RoutingRule, error) {
	rule, exists := a.Settings.Rule(name)
	if !exists {
		return rule, problem.NotFound("Did not find a routing rule with the name '%s'", name)
	}
	return rule, nil
}

func ruleOf(body schema.Values) (settings.RoutingRule, error) {
	var found problem.Violations
	add := func(id, message string) { found = append(found, schema.Violation{ID: id, Message: message}) }
	if name := body.String("name"); strings.TrimSpace(name) == "" {
		add("name", "A non-empty value must be specified")
	} else if !schema.IsName(name) {
		add("name", schema.NameMessage)
	}
	if body["description"] == nil {
		add("description", "A non-null value must be specified")
	}
	if body["mode"] == nil {
		add("mode", "A non-empty value must be specified")
	}
	matchers, _ := body["matchers"].([]any)
	if len(matchers) == 0 {
		add("matchers", "At least one rule must be specified")
	}
	for i, element := range matchers {
		text, _ := element.(string)
		if strings.TrimSpace(text) == "" {
			add(fmt.Sprintf("matchers[%d]", i), "Empty matchers are not allowed")
			continue
		}
		_, err := javaregex.Compile(text)
		if fault := notPlayed(err); fault != nil {
			return settings.RoutingRule{}, fault
		}
		if err != nil {
			add(fmt.Sprintf("matchers[%d]", i), "Invalid regex: "+err.Error())
		}
	}
	rule := settings.RoutingRule{Name: body.String("name"), Description: body.String("description"), Mode: body.String("mode"), Matchers: body.Strings("matchers")}
	if found != nil {
		return rule, found
	}
	return rule, nil
}

// notPlayed is the answer to an expression that Java knows and the stand-in does not; nil for another error.
func notPlayed(err error) error {
	var unsupported *javaregex.Unsupported
	if errors.As(err, &unsupported) {
		return &problem.Message{Status: http.StatusNotImplemented, Text: unsupported.Error()}
	}
	return nil
}

func ruleExists() error {
	return problem.Violation("name", "A rule with the same name already exists. Name must be unique.")
}

func (a *API) createRule(_ *call, body schema.Values) (answer, error) {
	rule, err := ruleOf(body)
	if err != nil {
		return answer{}, err
	}
	if err := problem.TooLong("NAME", rule.Name); err != nil {
		return answer{}, err
	}
	added, err := a.Settings.AddRule(rule)
	if err == nil && !added {
		err = ruleExists()
	}
	return orDone(err)
}

func (a *API) updateRule(c *call, body schema.Values) (answer, error) {
	name := c.param("name")
	if _, err := a.rule(name); err != nil {
		return answer{}, err
	}
	rule, err := ruleOf(body)
	if err != nil {
		return answer{}, err
	}
	if _, exists := a.Settings.Rule(rule.Name); exists && rule.Name != name {
		return answer{}, ruleExists()
	}
	if err := problem.TooLong("NAME", rule.Name); err != nil {
		return answer{}, err
	}
	return orDone(a.Settings.SetRule(name, rule))
}

func (a *API) deleteRule(c *call) (answer, error) {
	name := c.param("name")
	if _, err := a.rule(name); err != nil {
		return answer{}, err
	}
	if users := a.Repositories.RuleUsers(name); users > 0 {
		return answer{}, problem.Refuse("Routing rule is still in use by %d repositories.", users)
	}
	return orDone(a.Settings.DeleteRule(name))
}
