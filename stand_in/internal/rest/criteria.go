package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
)

// keyword is the field of the parameter q, which stands for several.
const keyword = "keyword"

// fieldsOf are the indexed fields by parameter; other parameters are fields themselves.
var fieldsOf = map[string]string{
	"q": keyword, "repository": "repository_name", "group": "group.raw", "name": "name.raw", "prerelease": prerelease,
	"md5": checksumField + "md5", "sha1": checksumField + "sha1", "sha256": checksumField + "sha256", "sha512": checksumField + "sha512",
	"maven.groupId": "attributes.maven2.groupId", "maven.artifactId": "attributes.maven2.artifactId",
	"maven.baseVersion": "attributes.maven2.baseVersion", "maven.extension": "assets.attributes.maven2.extension",
	"maven.classifier": "assets.attributes.maven2.classifier",
	// Not of the core, whose index has none of them.
	"docker.imageName": "name.raw", "docker.imageTag": "version", "yum.architecture": "group.raw", "npm.scope": "group.raw",
	"pypi.normalized_name": "name.raw", "attributes.pypi.name": "name.raw", "attributes.maven2.name": "name.raw",
}

// searchCriteria are the query parameters of a search. All of them have to match.
type searchCriteria struct {
	tests       []func(*document) bool
	assetValues map[string]string // wanted values of fields of assets; empty: the asset does not have the field
	order       []sorting
}

type sorting struct {
	field      string
	descending bool
}

func newCriteria(query url.Values, members func(group string) []string) (*searchCriteria, error) {
	if sent, is := query["timeout"]; is {
		if _, err := strconv.Atoi(sent[0]); err != nil {
			return nil, problem.Status(http.StatusNotFound)
		}
	}
	order, err := sortings(query)
	if err != nil {
		return nil, err
	}
	found := &searchCriteria{assetValues: map[string]string{}, order: order}
	for name, values := range query {
		if name == "continuationToken" || name == "sort" || name == "direction" {
			continue
		}
		field := name
		if known, is := fieldsOf[name]; is {
			field = known
		}
		if strings.HasPrefix(field, "assets.") {
			found.assetValues[field] = values[0]
		}
		for _, value := range values {
			test, err := testOf(field, value, members)
			if err != nil {
				return nil, err
			}
			found.tests = append(found.tests, test)
		}
	}
	return found, nil
}

// testOf is the test for one value of a parameter.
func testOf(field, value string, members func(group string) []string) (func(*document) bool, error) {
	if strings.TrimSpace(value) == "" {
		return func(d *document) bool {
			return field == "assets.attributes.maven2.classifier" || len(d.fields[field]) == 0 || field == prerelease && d.fields[field][0] == "F"
		}, nil
	}
	if field == "repository_name" {
		if inside := members(value); inside != nil {
			return func(d *document) bool { return slices.Contains(inside, d.fields[field][0]) }, nil
		}
	}
	if parts := dependency.FindStringSubmatch(strings.TrimSpace(value)); field == keyword && parts != nil {
		return func(d *document) bool { return d.isDependency(parts[1:]) }, nil
	}
	parsed, err := parseQuery(value)
	if err != nil {
		return nil, err
	}
	return func(d *document) bool { return parsed.matches(func(t term) bool { return d.has(field, t) }) }, nil
}

var (
	dependency       = regexp.MustCompile(`^([^\s:]+):([^\s:]+)(?::([^\s:]+))?(?::([^\s:]+))?(?::([^\s:]+))?$`)
	dependencyFields = []string{"group.raw", "name.raw", "version", "assets.attributes.maven2.extension", "assets.attributes.maven2.classifier"}
)

func (d *document) isDependency(parts []string) bool {
	for i, part := range parts {
		if part != "" && !slices.Contains(d.fields[dependencyFields[i]], part) {
			return false
		}
	}
	return true
}

// has reports whether a field has a term; those of the keyword are the words of all fields, and name and group as a whole.
func (d *document) has(field string, t term) bool {
	switch field {
	case prerelease:
		wanted := "T"
		if slices.Contains([]string{"false", "0", "off", "no"}, t.text) {
			wanted = "F"
		}
		return d.fields[field][0] == wanted
	case keyword:
		t = t.lower()
		return slices.ContainsFunc(d.fields["name.case_insensitive"], t.is) ||
			slices.ContainsFunc(d.fields["group.case_insensitive"], t.is) || slices.ContainsFunc(d.words, t.among)
	}
	return slices.ContainsFunc(d.fields[field], t.is)
}

// matches reports whether the criteria find a component.
func (c *searchCriteria) matches(d *document) bool {
	return !slices.ContainsFunc(c.tests, func(test func(*document) bool) bool { return !test(d) })
}

// asset reports whether a search for assets shows this asset of a found component.
func (c *searchCriteria) asset(format string, asset *content.Asset) bool {
	fields := assetFields(format, asset)
	for name, wanted := range c.assetValues {
		value, has := fields[name]
		if has == (wanted == "") || !strings.EqualFold(value, wanted) {
			return false
		}
	}
	return true
}

// sortings are the fields to sort by; versions begin with the highest.
func sortings(query url.Values) ([]sorting, error) {
	direction := strings.ToUpper(query.Get("direction"))
	if query.Has("direction") && direction != "ASC" && direction != "DESC" {
		return nil, &problem.Fault{Class: "java.lang.IllegalArgumentException",
			Message: "No enum constant org.sonatype.nexus.repository.search.SortDirection." + direction}
	}
	if !query.Has("sort") {
		return nil, nil
	}
	descending := direction == "DESC"
	switch by := query.Get("sort"); by {
	case "group":
		return []sorting{{"group.case_insensitive", descending}, {"name.case_insensitive", false}, {"version", false}}, nil
	case "name":
		return []sorting{{"name.case_insensitive", descending}, {"version", false}, {"group.case_insensitive", false}}, nil
	case "version":
		return []sorting{{"normalized_version", direction != "ASC"}}, nil
	case "repository", "repositoryName":
		return []sorting{{"repository_name", descending}}, nil
	default:
		return []sorting{{by, descending}}, nil
	}
}

// sortable are the fields of every index.
var sortable = []string{"name.raw", "group.raw", "name.case_insensitive", "group.case_insensitive", "version", "normalized_version",
	"repository_name", "format", "tags", "lastDownloaded", "lastBlobUpdated", "assets.name", "assets.content_type", "assets.id"}

// sort sorts found components; a field that no component has is refused.
func (c *searchCriteria) sort(matches []match) error {
	for _, by := range c.order {
		if !slices.Contains(sortable, by.field) && !slices.ContainsFunc(matches, func(m match) bool { return m.document.fields[by.field] != nil }) {
			return &problem.Fault{Class: "Failed to execute phase [query], all shards failed",
				Message: fmt.Sprintf("No mapping found for [%s] in order to sort on", by.field)}
		}
	}
	slices.SortStableFunc(matches, func(one, other match) int {
		for _, by := range c.order {
			if found := by.compare(one.document, other.document); found != 0 {
				return found
			}
		}
		return 0
	})
	return nil
}

// compare puts components without the field at the end.
func (s sorting) compare(one, other *document) int {
	left, right := one.fields[s.field], other.fields[s.field]
	if left == nil || right == nil {
		return len(right) - len(left)
	}
	if s.descending {
		return strings.Compare(slices.Max(right), slices.Max(left))
	}
	return strings.Compare(slices.Min(left), slices.Min(right))
}
