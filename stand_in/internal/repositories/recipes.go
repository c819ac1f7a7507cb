package repositories

import (
	"fmt"
	"slices"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/schema"
)

// Recipes are the combinations of format and type of a server version.
type Recipes struct {
	minor   int
	ordered []*recipe
	byPath  map[string]*recipe // maven/hosted
	byName  map[string]*recipe // maven2/hosted
}

// NewRecipes builds the table for a minor version. named is a comma-separated list of formats; empty: all.
func NewRecipes(minor int, named string) (*Recipes, error) {
	r := &Recipes{minor: minor, byPath: map[string]*recipe{}, byName: map[string]*recipe{}}
	wanted, err := formatsNamed(named)
	if err != nil {
		return nil, err
	}
	for _, row := range formatTable {
		if wanted != nil && !wanted[row.format] {
			continue
		}
		for _, combination := range []struct {
			kind  string
			since int
		}{{content.Hosted, row.hosted}, {content.Proxy, row.proxy}, {content.Group, row.group}} {
			if combination.since == 0 || combination.since > minor {
				continue
			}
			built := row.recipe(combination.kind, combination.since, minor)
			r.ordered = append(r.ordered, built)
			r.byPath[built.path+"/"+built.kind] = built
			r.byName[built.format+"/"+built.kind] = built
		}
	}
	return r, nil
}

// formatsNamed returns nil for all formats.
func formatsNamed(list string) (map[string]bool, error) {
	if list == "" {
		return nil, nil
	}
	known := []string{}
	for _, row := range formatTable {
		known = append(known, row.format)
	}
	wanted := map[string]bool{}
	for _, name := range strings.Split(list, ",") {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%q is not known: use some of %s", name, strings.Join(known, ","))
		}
		wanted[name] = true
	}
	if !wanted["maven2"] {
		return nil, fmt.Errorf("maven2 is missing: the shipped repositories need it")
	}
	return wanted, nil
}

// Paths lists format/type as in REST paths.
func (r *Recipes) Paths() []string {
	paths := make([]string, 0, len(r.ordered))
	for _, recipe := range r.ordered {
		paths = append(paths, recipe.path+"/"+recipe.kind)
	}
	return paths
}

// Formats lists the formats.
func (r *Recipes) Formats() []string {
	var formats []string
	for _, recipe := range r.ordered {
		if len(formats) == 0 || formats[len(formats)-1] != recipe.format {
			formats = append(formats, recipe.format)
		}
	}
	return formats
}

// Schema is the request schema of a format/type path.
func (r *Recipes) Schema(path string) *schema.Object { return r.byPath[path].body }

func (row formatRow) recipe(kind string, since, minor int) *recipe {
	built := &recipe{format: row.format, path: row.path, kind: kind, since: since}
	if built.path == "" {
		built.path = row.format
	}
	body := &schema.Object{Class: "RepositoryApiRequest", Fields: append([]schema.Field{
		{Name: "name", Rule: schema.NotEmpty, Checks: []schema.Check{schema.WellFormedName}},
		{Name: "online", Kind: schema.Bool, Rule: schema.NotNull},
	}, row.typeFields(kind)...)}
	for _, s := range row.sections {
		if !strings.Contains(s.types, kind) || s.since > minor {
			continue
		}
		part := s.part
		if kind == content.Hosted && s.hosted != nil {
			part = s.hosted
		}
		body.Fields = append(body.Fields, schema.Field{Name: s.name, Kind: schema.Part, Part: part, Rule: s.rule})
		if strings.Contains(s.shown, kind) && minor >= s.shownSince {
			built.parts = append(built.parts, section{name: s.name, part: part.Without(minor)})
		}
	}
	built.body = body.Without(minor)
	return built
}

func (row formatRow) typeFields(kind string) []schema.Field {
	switch kind {
	case content.Hosted:
		storage := hostedStorage
		if row.storage != nil {
			storage = row.storage
		}
		return []schema.Field{
			{Name: "storage", Kind: schema.Part, Part: storage, Rule: schema.NotNull},
			{Name: "cleanup", Kind: schema.Part, Part: cleanup},
			{Name: "component", Kind: schema.Part, Part: component},
		}
	case content.Group:
		group := groupPart
		if row.deployToo {
			group = groupDeploy
		}
		return []schema.Field{
			{Name: "storage", Kind: schema.Part, Part: groupStorage, Rule: schema.NotNull},
			{Name: "group", Kind: schema.Part, Part: group, Rule: schema.NotNull},
		}
	}
	client := httpClient
	if row.preemptive {
		client = preemptiveHTTPClient
	}
	return []schema.Field{
		{Name: "storage", Kind: schema.Part, Part: groupStorage, Rule: schema.NotNull},
		{Name: "cleanup", Kind: schema.Part, Part: cleanup},
		{Name: "proxy", Kind: schema.Part, Part: proxyPart, Rule: schema.NotNull},
		{Name: "negativeCache", Kind: schema.Part, Part: negativeCache, Rule: schema.NotNull},
		{Name: "httpClient", Kind: schema.Part, Part: client, Rule: schema.NotNull},
		{Name: "routingRule"}, {Name: "routingRuleName", Since: 94},
		{Name: "replication", Kind: schema.Part, Part: replication},
		{Name: "firewall", Kind: schema.Part, Part: firewall, Since: 94},
	}
}
