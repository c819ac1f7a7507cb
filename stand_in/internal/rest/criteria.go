package rest

import (
	"net/url"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/repositories"
)

// searchCriteria are the query parameters of a search.
type searchCriteria struct {
	values     map[string]string
	impossible bool // an unknown parameter: nothing matches
}

var (
	paging            = []string{"continuationToken", "sort", "direction", "timeout"}
	componentCriteria = map[string]func(content.Coordinates) string{
		"group": func(c content.Coordinates) string { return c.Group }, "name": func(c content.Coordinates) string { return c.Name },
		"version":       func(c content.Coordinates) string { return c.Version },
		"maven.groupId": func(c content.Coordinates) string { return c.Group }, "maven.artifactId": func(c content.Coordinates) string { return c.Name },
		"maven.baseVersion":      func(c content.Coordinates) string { return baseVersion(c.Version) },
		"docker.imageName":       func(c content.Coordinates) string { return c.Name },
		"docker.imageTag":        func(c content.Coordinates) string { return c.Version },
		"yum.architecture":       func(c content.Coordinates) string { return c.Group },
		"pypi.normalized_name":   func(c content.Coordinates) string { return c.Name },
		"npm.scope":              func(c content.Coordinates) string { return c.Group },
		"attributes.pypi.name":   func(c content.Coordinates) string { return c.Name },
		"attributes.maven2.name": func(c content.Coordinates) string { return c.Name },
	}
	assetCriteria = map[string]func(*content.Asset) string{
		"sha1": func(a *content.Asset) string { return a.SHA1 }, "sha256": func(a *content.Asset) string { return a.SHA256 },
		"sha512": func(a *content.Asset) string { return a.SHA512 }, "md5": func(a *content.Asset) string { return a.MD5 },
		"maven.extension":  func(a *content.Asset) string { return a.Attributes["extension"] },
		"maven.classifier": func(a *content.Asset) string { return a.Attributes["classifier"] },
	}
)

func newSearchCriteria(query url.Values) searchCriteria {
	criteria := searchCriteria{values: map[string]string{}}
	for name := range query {
		criteria.values[name] = query.Get(name)
		_, ofComponent := componentCriteria[name]
		_, ofAsset := assetCriteria[name]
		if !ofComponent && !ofAsset && name != "repository" && name != "format" && name != "q" && !contains(paging, name) {
			criteria.impossible = true
		}
	}
	return criteria
}

func contains(words []string, word string) bool {
	for _, candidate := range words {
		if candidate == word {
			return true
		}
	}
	return false
}

func (s searchCriteria) repository(record *repositories.Record) bool {
	name, byName := s.values["repository"]
	format, byFormat := s.values["format"]
	return !s.impossible && (!byName || fits(record.Name, name)) && (!byFormat || fits(record.Format, format))
}

func (s searchCriteria) component(component blobstore.Component) bool {
	for name, wanted := range s.values {
		if value, ok := componentCriteria[name]; ok && !fits(value(component.Coordinates), wanted) {
			return false
		}
	}
	words, ok := s.values["q"]
	if !ok {
		return true
	}
	c := component.Coordinates
	text := strings.ToLower(c.Group + " " + c.Name + " " + c.Version)
	for _, word := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(text, strings.Trim(word, "*")) {
			return false
		}
	}
	return true
}

func (s searchCriteria) assets(assets []*content.Asset) []*content.Asset {
	var fitting []*content.Asset
	for _, asset := range assets {
		if s.asset(asset) {
			fitting = append(fitting, asset)
		}
	}
	return fitting
}

func (s searchCriteria) asset(asset *content.Asset) bool {
	for name, wanted := range s.values {
		if value, ok := assetCriteria[name]; ok && !fits(value(asset), wanted) {
			return false
		}
	}
	return true
}

// fits reports whether a value matches a pattern, which may have * and ?.
func fits(value, wanted string) bool {
	if !strings.ContainsAny(wanted, "*?") {
		return strings.EqualFold(value, wanted)
	}
	pattern := strings.NewReplacer("[", `\[`, `\`, `\\`, "/", "\x01").Replace(strings.ToLower(wanted))
	matched, err := path.Match(pattern, strings.ReplaceAll(strings.ToLower(value), "/", "\x01"))
	return err == nil && matched
}

func (s searchCriteria) sort(matches []match) {
	descending := s.values["direction"] == "desc"
	switch by := s.values["sort"]; by {
	case "group", "name", "version":
		sortMatches(matches, func(m match) string { return componentCriteria[by](m.component.Coordinates) }, descending)
	case "repository":
		sortMatches(matches, func(m match) string { return m.record.Name }, descending)
	}
}

// baseVersion replaces the timestamp of a snapshot version with SNAPSHOT.
func baseVersion(version string) string {
	parts := strings.Split(version, "-")
	if n := len(parts); n >= 3 && strings.Count(parts[n-2], ".") == 1 && len(parts[n-2]) == 15 {
		return strings.Join(parts[:n-2], "-") + "-SNAPSHOT"
	}
	return version
}
