package repositories

import (
	"net/url"
	"strings"

	"repository-store/nexus-stand-in/internal/schema"
)

const models = "org.sonatype.nexus.repository.rest.api.model."

// The parts that requests of several formats have in common.
var (
	groupStorage = &schema.Object{Class: models + "StorageAttributes", Fields: []schema.Field{
		{Name: "blobStoreName", Rule: schema.NotEmpty},
		{Name: "strictContentTypeValidation", Kind: schema.Bool, Rule: schema.NotNull},
	}}
	hostedStorage = &schema.Object{Class: models + "HostedStorageAttributes", Fields: append(groupStorage.Fields[:2:2],
		schema.Field{Name: "writePolicy", Rule: schema.NotNull},
	)}
	dockerStorage = &schema.Object{Class: "org.sonatype.nexus.repository.docker.rest.DockerHostedStorageAttributes", Fields: append(hostedStorage.Fields[:3:3],
		schema.Field{Name: "latestPolicy", Kind: schema.Bool},
	)}
	cleanup = &schema.Object{Class: models + "CleanupPolicyAttributes", Fields: []schema.Field{
		{Name: "policyNames", Kind: schema.TextList},
	}}
	component = &schema.Object{Class: models + "ComponentAttributes", Fields: []schema.Field{
		{Name: "proprietaryComponents", Kind: schema.Bool},
	}}
	proxyPart = &schema.Object{Class: models + "ProxyAttributes", Fields: []schema.Field{
		{Name: "remoteUrl", Rule: schema.NotEmpty, Checks: []schema.Check{wellFormedURI}},
		{Name: "contentMaxAge", Kind: schema.Int, Rule: schema.NotNull},
		{Name: "metadataMaxAge", Kind: schema.Int, Rule: schema.NotNull},
		{Name: "preserveEncodedCharacters", Kind: schema.Bool, Since: 90},
	}}
	negativeCache = &schema.Object{Class: models + "NegativeCacheAttributes", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.Bool, Rule: schema.NotNull},
		{Name: "timeToLive", Kind: schema.Int, Rule: schema.NotNull},
	}}
	connection = &schema.Object{Class: models + "HttpClientConnectionAttributes", Fields: []schema.Field{
		{Name: "retries", Kind: schema.Int, Checks: []schema.Check{schema.Between(0, 10)}},
		{Name: "userAgentSuffix"},
		{Name: "timeout", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 3600)}},
		{Name: "enableCircularRedirects", Kind: schema.Bool},
		{Name: "enableCookies", Kind: schema.Bool},
		{Name: "useTrustStore", Kind: schema.Bool},
	}}
	authentication = &schema.Object{Class: models + "HttpClientConnectionAuthenticationAttributes", Fields: []schema.Field{
		{Name: "type", Rule: schema.NotEmpty},
		{Name: "username"}, {Name: "password", Secret: true}, {Name: "ntlmHost"}, {Name: "ntlmDomain"},
		{Name: "bearerToken", Secret: true},
	}}
	preemptiveAuthentication = &schema.Object{Class: models + "HttpClientConnectionAuthenticationAttributesWithPreemptiveAuth",
		Fields: append(authentication.Fields[:6:6], schema.Field{Name: "preemptive", Kind: schema.Bool})}
	httpClient           = httpClientWith(authentication)
	preemptiveHTTPClient = httpClientWith(preemptiveAuthentication)
	groupPart            = &schema.Object{Class: models + "GroupAttributes", Fields: []schema.Field{
		{Name: "memberNames", Kind: schema.TextList, Rule: schema.NotEmpty},
	}}
	groupDeploy = &schema.Object{Class: models + "GroupDeployAttributes", Fields: append(groupPart.Fields[:1:1], schema.Field{Name: "writableMember"})}
	replication = &schema.Object{Class: models + "ReplicationAttributes", Fields: []schema.Field{
		{Name: "preemptivePullEnabled", Kind: schema.Bool}, {Name: "assetPathRegex"},
	}}
	firewall = &schema.Object{Class: models + "FirewallAttributes", Fields: []schema.Field{
		{Name: "mode", Kind: schema.Enum, Class: models + "FirewallMode", Enum: []string{"DISABLED", "AUDIT", "QUARANTINE", "PCCS"}},
	}}
)

func httpClientWith(authentication *schema.Object) *schema.Object {
	return &schema.Object{Class: models + "HttpClientAttributes", Fields: []schema.Field{
		{Name: "blocked", Kind: schema.Bool, Rule: schema.NotNull, RuleUntil: 91},
		{Name: "autoBlock", Kind: schema.Bool, Rule: schema.NotNull, RuleUntil: 91},
		{Name: "connection", Kind: schema.Part, Part: connection},
		{Name: "authentication", Kind: schema.Part, Part: authentication},
	}}
}

// wellFormedURI is the first of two checks of remote addresses; the second comes after the permission check.
func wellFormedURI(value any) string {
	text, _ := value.(string)
	if text == "" {
		return ""
	}
	parsed, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \t<>\"{}|\\^`") || strings.HasSuffix(text, "://") && parsed.Host == "" {
		return "URI should be in the format 'scheme:[//authority][/path][?query][#fragment]'"
	}
	return ""
}
