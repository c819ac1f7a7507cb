package repositories

import (
	"fmt"
	"regexp"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
)

// check applies the rules that need more data than the request; current is nil for a new repository.
func (m *Manager) check(record, current *Record) error {
	checks := []func(record, current *Record) error{
		m.checkMembers, m.checkBlobStore, m.checkCleanup, m.checkRemote, m.checkAuthentication, m.checkWritePolicy, m.checkDocker,
	}
	for _, check := range checks {
		if err := check(record, current); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manager) checkBlobStore(record, current *Record) error {
	if _, ok := m.blobs.Find(record.BlobStore()); !ok {
		return problem.Refuse("Blob store not found")
	}
	if current != nil && !strings.EqualFold(record.BlobStore(), current.BlobStore()) {
		return problem.Refuse("You cannot change a repository’s blob store through the API")
	}
	return nil
}

// checkCleanup rejects unknown policies, like servers since 3.85.
func (m *Manager) checkCleanup(record, _ *Record) error {
	if m.minor < 85 {
		return nil
	}
	for _, name := range record.Parts.Part("cleanup").Strings("policyNames") {
		if _, ok := m.settings.CleanupPolicy(name); !ok {
			return problem.Refuse("Cleanup policy '%s' not found", name)
		}
	}
	return nil
}

var remotePattern = regexp.MustCompile(`(?i)^https?://[^/\s?#]+`)

func (m *Manager) checkRemote(record, _ *Record) error {
	if record.Type != content.Proxy {
		return nil
	}
	if !remotePattern.MatchString(record.RemoteURL()) {
		return problem.Violation("ProxyConfig.attributes[proxy].remoteUrl", "URL should be in the format 'http://www.example.com'")
	}
	if record.Parts.Part("negativeCache").Int("timeToLive") < 0 {
		return problem.Violation("Config.attributes[negativeCache].timeToLive", "must be greater than or equal to 0")
	}
	return nil
}

func (m *Manager) checkAuthentication(record, _ *Record) error {
	part := record.Parts.Part("httpClient").Part("authentication")
	if part == nil {
		return nil
	}
	if part.Bool("preemptive") && record.Format == "maven2" && !isHTTPS(record.RemoteURL()) {
		return problem.Violation("HelperBean.attributes.httpclient.authentication.preemptive",
			"Pre-emptive authentication is allowed only when using HTTPS remote URL")
	}
	const where = "AuthenticationConfiguration.attributes[httpclient].authentication."
	var found problem.Violations
	add := func(prefix, field, text string) {
		found = append(found, problem.Violations{{ID: prefix + where + field, Message: text}}...)
	}
	switch kind := part.String("type"); kind {
	case "username", "ntlm":
		prefix := map[string]string{"username": "Username", "ntlm": "Ntlm"}[kind]
		if strings.TrimSpace(part.String("username")) == "" {
			add(prefix, "username", "must not be blank")
		}
		if part["password"] == nil {
			add(prefix, "password", "must not be null")
		}
	case "bearerToken":
		if part["bearerToken"] == nil {
			add("BearerToken", "bearerToken", "must not be null")
		}
	default:
		return problem.Refuse("Failed to validate facets; 1 failure\nUnknown AuthenticationConfiguration type: %s (through reference chain: "+
			"org.sonatype.nexus.repository.httpclient.internal.HttpClientFacetImpl$Config[\"authentication\"])", kind)
	}
	if found != nil {
		return found
	}
	return nil
}

func (m *Manager) checkWritePolicy(record, _ *Record) error {
	if record.Type != content.Hosted {
		return nil
	}
	const class = "org.sonatype.nexus.repository.config.WritePolicy"
	const where = "\n at [Source: UNKNOWN; byte offset: #UNKNOWN] (through reference chain: " +
		"org.sonatype.nexus.repository.content.facet.ContentFacetSupport$Config[\"writePolicy\"])"
	sent := record.Parts.Part("storage").String("writePolicy")
	if sent == "" {
		return problem.Refuse("Failed to validate facets; 1 failure\nCannot coerce empty String (\"\") to `%s` value "+
			"(but could if coercion was enabled using `CoercionConfig`)%s", class, where)
	}
	if writePolicy(sent) == "" {
		return problem.Refuse("Failed to validate facets; 1 failure\nCannot deserialize value of type `%s` from String \"%s\": "+
			"not one of the values accepted for Enum class: [ALLOW, DENY, ALLOW_ONCE]%s", class, sent, where)
	}
	return nil
}

// writePolicy parses a write policy like the real server: in any case, or its number.
func writePolicy(sent string) string {
	policies := []string{content.Allow, content.AllowOnce, content.Deny}
	for i, policy := range policies {
		if strings.EqualFold(sent, policy) || sent == fmt.Sprint(i) {
			return policy
		}
	}
	return ""
}

// checkDocker rejects names with upper-case letters and connector ports that are in use.
func (m *Manager) checkDocker(record, _ *Record) error {
	part := dockerPart(record)
	if part == nil {
		return nil
	}
	if record.Name != strings.ToLower(record.Name) {
		return problem.Violation("HelperBean.name", "Docker repository names must be in lower case: %s", record.Name)
	}
	taken := map[int64]string{}
	for _, other := range m.records.All() {
		if other.Instance != record.Instance {
			for _, port := range Ports(&other) {
				taken[port] = other.Name
			}
		}
	}
	for _, name := range []string{"httpPort", "httpsPort"} {
		port := part.Int(name)
		if port == 0 {
			continue
		}
		if owner, clash := taken[port]; clash {
			return problem.Violation("HelperBean.attributes.docker."+name, "Port %d is already in use by repository '%s'", port, owner)
		}
		taken[port] = record.Name
	}
	return nil
}
