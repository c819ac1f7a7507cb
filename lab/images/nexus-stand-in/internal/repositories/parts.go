package repositories

import (
	"net/url"
	"strings"

	. "repository-store/nexus-stand-in/internal/schema" // the tables read better
)

const models = "org.sonatype.nexus.repository.rest.api.model."

// The parts that requests of several formats have in common.
var (
	groupStorage = &Object{Class: models + "StorageAttributes", Fields: []Field{
		{Name: "blobStoreName", Rule: NotEmpty},
		{Name: "strictContentTypeValidation", Kind: Bool, Rule: NotNull},
	}}
	hostedStorage = &Object{Class: models + "HostedStorageAttributes", Fields: append(groupStorage.Fields[:2:2],
		Field{Name: "writePolicy", Rule: NotNull},
	)}
	dockerStorage = &Object{Class: "org.sonatype.nexus.repository.docker.rest.DockerHostedStorageAttributes", Fields: append(hostedStorage.Fields[:3:3],
		Field{Name: "latestPolicy", Kind: Bool},
	)}
	cleanup = &Object{Class: models + "CleanupPolicyAttributes", Fields: []Field{
		{Name: "policyNames", Kind: TextList},
	}}
	component = &Object{Class: models + "ComponentAttributes", Fields: []Field{
		{Name: "proprietaryComponents", Kind: Bool},
	}}
	proxyPart = &Object{Class: models + "ProxyAttributes", Fields: []Field{
		{Name: "remoteUrl", Rule: NotEmpty, Checks: []Check{wellFormedURI}},
		{Name: "contentMaxAge", Kind: Int, Rule: NotNull},
		{Name: "metadataMaxAge", Kind: Int, Rule: NotNull},
		{Name: "preserveEncodedCharacters", Kind: Bool, Since: 90},
	}}
	negativeCache = &Object{Class: models + "NegativeCacheAttributes", Fields: []Field{
		{Name: "enabled", Kind: Bool, Rule: NotNull},
		{Name: "timeToLive", Kind: Int, Rule: NotNull},
	}}
	connection = &Object{Class: models + "HttpClientConnectionAttributes", Fields: []Field{
		{Name: "retries", Kind: Int, Checks: []Check{Between(0, 10)}},
		{Name: "userAgentSuffix"},
		{Name: "timeout", Kind: Int, Checks: []Check{Between(1, 3600)}},
		{Name: "enableCircularRedirects", Kind: Bool},
		{Name: "enableCookies", Kind: Bool},
		{Name: "useTrustStore", Kind: Bool},
	}}
	authentication = &Object{Class: models + "HttpClientConnectionAuthenticationAttributes", Fields: []Field{
		{Name: "type", Rule: NotEmpty},
		{Name: "username"}, {Name: "password", Secret: true}, {Name: "ntlmHost"}, {Name: "ntlmDomain"},
		{Name: "bearerToken", Secret: true},
	}}
	preemptiveAuthentication = &Object{Class: models + "HttpClientConnectionAuthenticationAttributesWithPreemptiveAuth",
		Fields: append(authentication.Fields[:6:6], Field{Name: "preemptive", Kind: Bool})}
	httpClient           = httpClientWith(authentication)
	preemptiveHTTPClient = httpClientWith(preemptiveAuthentication)
	groupPart            = &Object{Class: models + "GroupAttributes", Fields: []Field{
		{Name: "memberNames", Kind: TextList, Rule: NotEmpty},
	}}
	groupDeploy = &Object{Class: models + "GroupDeployAttributes", Fields: append(groupPart.Fields[:1:1], Field{Name: "writableMember"})}
	replication = &Object{Class: models + "ReplicationAttributes", Fields: []Field{
		{Name: "preemptivePullEnabled", Kind: Bool}, {Name: "assetPathRegex"},
	}}
	firewall = &Object{Class: models + "FirewallAttributes", Fields: []Field{
		{Name: "mode", Kind: Enum, Class: models + "FirewallMode", Enum: []string{"DISABLED", "AUDIT", "QUARANTINE", "PCCS"}},
	}}
)

func httpClientWith(authentication *Object) *Object {
	return &Object{Class: models + "HttpClientAttributes", Fields: []Field{
		{Name: "blocked", Kind: Bool, Rule: NotNull},
		{Name: "autoBlock", Kind: Bool, Rule: NotNull},
		{Name: "connection", Kind: Part, Part: connection},
		{Name: "authentication", Kind: Part, Part: authentication},
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
