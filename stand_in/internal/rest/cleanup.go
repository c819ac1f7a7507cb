package rest

import (
	"net/http"
	"slices"
	"sort"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

const cleanupPath = "/service/rest/internal/cleanup-policies"

var cleanupBody = &schema.Object{Class: "org.sonatype.nexus.cleanup.rest.CleanupPolicyXO", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotEmpty, Checks: []schema.Check{schema.WellFormedName, atMost255}}, {Name: "format", Rule: schema.NotEmpty}, {Name: "notes"},
	{Name: "criteriaLastBlobUpdated", Kind: schema.Long}, {Name: "criteriaLastDownloaded", Kind: schema.Long},
	{Name: "criteriaReleaseType", Kind: schema.Enum, Class: "org.sonatype.nexus.cleanup.storage.CleanupPolicyReleaseType", Enum: []string{"RELEASES", "PRERELEASES"}},
	{Name: "criteriaAssetRegex", Checks: []schema.Check{regularExpression}}, {Name: "retain", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 1<<31-1)}}, {Name: "sortBy"},
}}

func atMost255(value any) string {
	if text, _ := value.(string); len([]rune(text)) > 255 {
		return "size must be between 0 and 255"
	}
	return ""
}

func regularExpression(value any) string {
	text, _ := value.(string)
	if fault := luceneFault(text); fault != "" {
		return "Invalid regular expression pattern: " + fault
	}
	return ""
}

// criteriaOf are the cleanup criteria of a format.
var criteriaOf = map[string][]string{
	"maven2": {"criteriaLastBlobUpdated", "criteriaLastDownloaded", "criteriaReleaseType", "criteriaAssetRegex"},
	"npm":    {"criteriaLastBlobUpdated", "criteriaLastDownloaded", "criteriaReleaseType", "criteriaAssetRegex"},
	"yum":    {"criteriaLastBlobUpdated", "criteriaLastDownloaded", "criteriaReleaseType", "criteriaAssetRegex"},
	"docker": {"criteriaLastBlobUpdated", "criteriaLastDownloaded", "criteriaAssetRegex", "retain", "sortBy"},
	"*":      {"criteriaLastBlobUpdated", "criteriaLastDownloaded"},
}

var usualCriteria = []string{"criteriaLastBlobUpdated", "criteriaLastDownloaded", "criteriaAssetRegex"}

func criteria(format string) []string {
	if known, ok := criteriaOf[format]; ok {
		return known
	}
	return usualCriteria
}

func (a *API) cleanupRoutes() {
	if a.Pro {
		a.licensedCleanupRoutes()
	}
	a.on(route{method: "GET", path: cleanupPath, need: administrator}, a.listCleanupPolicies)
	a.on(route{method: "GET", path: cleanupPath + "/criteria/formats", need: administrator}, a.cleanupCriteria)
	a.on(route{method: "GET", path: cleanupPath + "/{name}", need: administrator}, func(c *call) (answer, error) {
		policy, exists := a.Settings.CleanupPolicy(c.param("name"))
		if !exists {
			return answer{}, notFound
		}
		return ok(a.showPolicy(policy)), nil
	})
	a.onBody(route{method: "POST", path: cleanupPath, need: administrator, body: cleanupBody}, a.createCleanupPolicy)
	a.onBody(route{method: "PUT", path: cleanupPath + "/{name}", need: administrator, body: cleanupBody}, a.updateCleanupPolicy)
	a.on(route{method: "DELETE", path: cleanupPath + "/{name}", need: administrator}, func(c *call) (answer, error) {
		removed, err := a.Settings.DeleteCleanupPolicy(c.param("name"))
		if err == nil && !removed {
			err = notFound
		}
		return orDone(err)
	})
}

func (a *API) showPolicy(policy schema.Values) map[string]any {
	shown := map[string]any{"inUseCount": len(a.Repositories.CleanupUsers(policy.String("name")))}
	for _, field := range cleanupBody.Fields {
		shown[field.Name] = policy[field.Name]
	}
	return shown
}

func (a *API) listCleanupPolicies(c *call) (answer, error) {
	list := []map[string]any{}
	for _, policy := range a.Settings.CleanupPolicies() {
		if format := c.query("format"); format == "" || format == "*" || format == policy.String("format") {
			list = append(list, a.showPolicy(policy))
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i]["name"].(string) < list[j]["name"].(string) })
	return ok(list), nil
}

func (a *API) cleanupCriteria(*call) (answer, error) {
	list := []map[string]any{{"id": "*", "name": "All Formats", "availableCriteria": criteria("*")}}
	for _, format := range a.Repositories.Formats() {
		list = append(list, map[string]any{"id": format, "name": format, "availableCriteria": criteria(format)})
	}
	return ok(list), nil
}

func (a *API) checkPolicy(policy schema.Values) error {
	format := policy.String("format")
	if format != "*" && !slices.Contains(a.Repositories.Formats(), format) {
		return problem.Violation("format", "specified format %s is not valid.", format)
	}
	for name, value := range policy {
		isCriterion := name != "name" && name != "format" && name != "notes"
		if isCriterion && value != nil && !slices.Contains(criteria(format), name) {
			return problem.Status(http.StatusBadRequest)
		}
	}
	return nil
}

func (a *API) createCleanupPolicy(_ *call, body schema.Values) (answer, error) {
	nameTaken := problem.Violation("PARAMETER name", "Name is already used, must be unique (ignoring case)")
	if _, taken := a.Settings.CleanupPolicy(body.String("name")); taken {
		return answer{}, nameTaken
	}
	if err := a.checkPolicy(body); err != nil {
		return answer{}, err
	}
	added, err := a.Settings.AddCleanupPolicy(body.String("name"), body)
	if err == nil && !added {
		err = nameTaken
	}
	return ok(a.showPolicy(body)), err
}

func (a *API) updateCleanupPolicy(c *call, body schema.Values) (answer, error) {
	name := c.param("name")
	if _, exists := a.Settings.CleanupPolicy(name); !exists {
		return answer{}, notFound
	}
	if err := a.checkPolicy(body); err != nil {
		return answer{}, err
	}
	body["name"] = name
	return ok(a.showPolicy(body)), a.Settings.SetCleanupPolicy(name, body)
}
