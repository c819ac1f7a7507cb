package repositories

import (
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// convert builds a record from a request that passed the bean validation.
func (m *Manager) convert(recipe *recipe, values schema.Values) (Record, error) {
	record := Record{Name: values.String("name"), Format: recipe.format, Type: recipe.kind, Online: values.Bool("online")}
	record.Parts = schema.Values{}
	for name, value := range values {
		if part, ok := value.(schema.Values); ok {
			record.Parts[name] = clone(part)
		}
	}
	delete(record.Parts, "replication")
	if recipe.kind == content.Group {
		if err := m.checkMembers(&record, nil); err != nil {
			return record, err
		}
	}
	if err := convertCleanup(record.Parts); err != nil {
		return record, err
	}
	if err := convertSections(recipe, record.Parts); err != nil {
		return record, err
	}
	if part := record.Parts.Part("yum"); part != nil && part["deployPolicy"] == nil && m.minor >= deployPolicyDemanded {
		part["deployPolicy"] = "STRICT"
	}
	if recipe.kind == content.Proxy {
		record.Rule = m.knownRule(values)
		return record, checkTrustStore(record)
	}
	return record, nil
}

// deployPolicyDemanded is the first version whose API document has a deploy policy in every response about yum.
const deployPolicyDemanded = 94

// knownRule returns the routing rule of a request, or "" if it does not exist.
func (m *Manager) knownRule(values schema.Values) string {
	name := values.String("routingRule")
	if name == "" {
		name = values.String("routingRuleName") // only in the schema of newer servers
	}
	if _, ok := m.settings.Rule(name); !ok {
		return ""
	}
	return name
}

func convertCleanup(parts schema.Values) error {
	part := parts.Part("cleanup")
	if part == nil {
		return nil
	}
	if part["policyNames"] == nil {
		return problem.Refuse("Cannot invoke \"java.lang.Iterable.iterator()\" because \"elements\" is null")
	}
	var unique []any
	seen := map[string]bool{}
	for _, name := range part.Strings("policyNames") {
		if !seen[name] {
			seen[name] = true
			unique = append(unique, name)
		}
	}
	if unique == nil {
		unique = []any{}
	}
	part["policyNames"] = unique
	return nil
}

func convertSections(recipe *recipe, parts schema.Values) error {
	if recipe.format == "raw" {
		part := parts.Part("raw")
		if part == nil {
			parts["raw"] = schema.Values{"contentDisposition": "ATTACHMENT"}
		} else if part["contentDisposition"] == nil {
			return problem.Refuse("Cannot invoke \"org.sonatype.nexus.repository.raw.ContentDisposition.name()\" because the return value of " +
				"\"org.sonatype.nexus.repository.raw.rest.RawAttributes.getContentDisposition()\" is null")
		}
	}
	if recipe.kind == content.Proxy && recipe.format == "terraform" {
		parts["terraform"] = schema.Values{"requireAuthentication": parts.Part("terraform").Bool("requireAuthentication")}
	}
	if recipe.kind == content.Proxy && field(recipe.body, "pypi", "removeQuarantined") {
		parts["pypi"] = schema.Values{"removeQuarantined": parts.Part("pypi").Bool("removeQuarantined")}
	}
	return nil
}

func checkTrustStore(record Record) error {
	uses := record.Parts.Part("httpClient").Part("connection").Bool("useTrustStore")
	if uses && !isHTTPS(record.RemoteURL()) {
		return problem.Refuse("TrustStore is available only with HTTPS remote URLs")
	}
	return nil
}

func isHTTPS(url string) bool { return strings.HasPrefix(strings.ToLower(url), "https://") }

func clone(values schema.Values) schema.Values {
	copied := make(schema.Values, len(values))
	for name, value := range values {
		copied[name] = value
	}
	return copied
}
