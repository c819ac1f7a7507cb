package repositories

import (
	"repository-store/nexus-stand-in/internal/schema"
)

// section is a part of a request that only some formats have.
type section struct {
	name       string
	part       *schema.Object
	hosted     *schema.Object // of hosted repositories, instead of part
	rule       schema.Rule
	types      string // types whose requests have it, such as "hosted proxy group"
	shown      string // types whose response to GET has it
	since      int    // first minor version whose requests have it
	shownSince int    // first minor version whose responses have it
}

// recipe is a combination of format and type.
type recipe struct {
	format string // maven2
	path   string // maven
	kind   string // hosted, proxy, group
	since  int    // first minor version of the server that has it
	body   *schema.Object
	parts  []section // sections in responses
}

// formatRow describes the recipes of a format.
type formatRow struct {
	format, path          string
	hosted, proxy, group  int // first minor version; 0: none
	sections              []section
	preemptive, deployToo bool // pre-emptive authentication; groups that accept deployments
	storage               *schema.Object
}

const all = "hosted proxy group"

var formatTable = []formatRow{
	{format: "alpine", hosted: 93, proxy: 93, group: 93, sections: []section{
		{name: "alpineSigning", part: signing("alpine.rest.AlpineSigningRepositoriesAttributes"), types: "hosted", shown: "hosted"},
		{name: "alpineSigning", part: signing("alpine.rest.AlpineSigningRepositoriesAttributes"), rule: schema.NotNull, types: "proxy group", shown: "proxy group"},
	}},
	{format: "ansiblegalaxy", hosted: 93, proxy: 93, group: 93},
	{format: "apt", hosted: 1, proxy: 1, sections: []section{
		{name: "apt", part: aptProxy, hosted: aptHosted, rule: schema.NotNull, types: "hosted proxy", shown: "hosted proxy"},
		{name: "aptSigning", part: aptSigning, rule: schema.NotNull, types: "hosted", shown: "hosted"},
		{name: "aptSigning", part: aptSigning, types: "proxy", shown: "proxy", since: 97},
	}},
	{format: "cargo", hosted: 74, proxy: 74, group: 74, sections: []section{{name: "cargo", part: requireAuthentication("cargo.rest.CargoAttributes"), types: "proxy group", shown: "proxy group"}}},
	{format: "cocoapods", proxy: 1},
	{format: "composer", hosted: 97, proxy: 81, group: 97},
	{format: "conan", hosted: 74, proxy: 1, group: 81, deployToo: true, sections: []section{{name: "conanProxy", part: conanProxy, types: "proxy", shown: "proxy"}}},
	{format: "conda", hosted: 92, proxy: 1, group: 92},
	{format: "docker", hosted: 1, proxy: 1, group: 1, deployToo: true, storage: dockerStorage, sections: []section{
		{name: "docker", part: docker, rule: schema.NotNull, types: all, shown: all},
		{name: "dockerProxy", part: dockerProxy, rule: schema.NotNull, types: "proxy", shown: "proxy"},
	}},
	{format: "gitlfs", hosted: 1},
	{format: "go", hosted: 93, proxy: 1, group: 1},
	{format: "helm", hosted: 1, proxy: 1, group: 92},
	{format: "huggingface", proxy: 81, sections: []section{{name: "xet", part: xet, types: "proxy", shown: "proxy", since: 97}}},
	{format: "maven2", path: "maven", hosted: 1, proxy: 1, group: 1, preemptive: true, sections: []section{
		{name: "maven", part: maven, rule: schema.NotNull, types: "hosted proxy", shown: "hosted proxy"},
	}},
	{format: "npm", hosted: 1, proxy: 1, group: 1, deployToo: true, sections: []section{{name: "npm", part: npm, types: "proxy", shown: "proxy"}}},
	{format: "nuget", hosted: 1, proxy: 1, group: 1, sections: []section{{name: "nugetProxy", part: nuget, rule: schema.NotNull, types: "proxy", shown: "proxy"}}},
	{format: "oci", hosted: 94, proxy: 94, group: 94, deployToo: true, storage: dockerStorage, sections: []section{
		{name: "oci", part: docker, rule: schema.NotNull, types: all, shown: all},
		{name: "ociProxy", part: ociProxy, types: "proxy", shown: "proxy"},
		{name: "cosign", part: cosign, types: all, shown: all},
	}},
	{format: "p2", proxy: 1},
	{format: "pub", hosted: 92, proxy: 92, group: 92},
	{format: "pypi", hosted: 1, proxy: 1, group: 1, deployToo: true, sections: []section{{name: "pypi", part: pypi, types: "proxy", shown: "proxy", shownSince: 81}}},
	{format: "r", hosted: 1, proxy: 1, group: 1},
	{format: "raw", hosted: 1, proxy: 1, group: 1, sections: []section{
		{name: "raw", part: raw, types: all, shown: all},
	}},
	{format: "rubygems", hosted: 1, proxy: 1, group: 1},
	{format: "swift", hosted: 90, proxy: 89, group: 91, sections: []section{{name: "swift", part: requireAuthentication("swift.rest.SwiftAttributes"), types: "proxy", shown: "proxy"}}},
	{format: "terraform", hosted: 89, proxy: 88, group: 90, sections: []section{
		{name: "terraform", part: requireAuthentication("terraform.rest.TerraformAttributes"), types: "proxy group", shown: "proxy group"},
		{name: "terraformSigning", part: signing("terraform.rest.TerraformSigningAttributes"), rule: schema.NotNull, types: "hosted", shown: "hosted"},
	}},
	{format: "yum", hosted: 1, proxy: 1, group: 1, sections: []section{
		{name: "yum", part: yum, rule: schema.NotNull, types: "hosted", shown: "hosted"},
		{name: "yumSigning", part: yumSigning, types: "proxy group", shown: "proxy group", shownSince: 94},
	}},
}

func signing(class string) *schema.Object {
	return &schema.Object{Class: "org.sonatype.nexus.repository." + class, Fields: []schema.Field{
		{Name: "keypair", Rule: schema.NotEmpty}, {Name: "passphrase", Secret: true},
	}}
}

// yumSigning may lack the key before 3.94.
var yumSigning = &schema.Object{Class: "org.sonatype.nexus.repository.yum.rest.YumSigningRepositoriesAttributes", Fields: []schema.Field{
	{Name: "keypair", Until: 94}, {Name: "keypair", Rule: schema.NotEmpty, Since: 94}, {Name: "passphrase", Secret: true},
}}

func requireAuthentication(class string) *schema.Object {
	return &schema.Object{Class: "org.sonatype.nexus.repository." + class, Fields: []schema.Field{{Name: "requireAuthentication", Kind: schema.Bool}}}
}

var (
	aptHosted = &schema.Object{Class: "org.sonatype.nexus.repository.apt.api.AptHostedRepositoriesAttributes", Fields: []schema.Field{
		{Name: "distribution", Rule: schema.NotEmpty},
	}}
	aptProxy = &schema.Object{Class: "org.sonatype.nexus.repository.apt.rest.AptProxyRepositoriesAttributes", Fields: []schema.Field{
		{Name: "distribution", Rule: schema.NotEmpty}, {Name: "flat", Kind: schema.Bool, Rule: schema.NotNull}, {Name: "enforceDistribution", Kind: schema.Bool, Since: 85},
	}}
	aptSigning = &schema.Object{Class: "org.sonatype.nexus.repository.apt.rest.AptSigningRepositoriesAttributes", Fields: []schema.Field{
		{Name: "keypair", Rule: schema.NotEmpty}, {Name: "passphrase", Secret: true},
	}}
	conanProxy = &schema.Object{Class: "org.sonatype.nexus.repository.conan.rest.ConanProxyAttributes", Fields: []schema.Field{
		{Name: "conanVersion", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.conan.ConanVersion", Enum: []string{"V1", "V2"}},
	}}
	docker = &schema.Object{Class: "org.sonatype.nexus.repository.docker.rest.DockerAttributes", Fields: []schema.Field{
		{Name: "v1Enabled", Kind: schema.Bool, Rule: schema.NotNull}, {Name: "forceBasicAuth", Kind: schema.Bool, Rule: schema.NotNull},
		{Name: "httpPort", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 65535)}}, {Name: "httpsPort", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 65535)}},
		{Name: "subdomain"}, {Name: "pathEnabled", Kind: schema.Bool, Since: 83},
	}}
	dockerProxy = &schema.Object{Class: "org.sonatype.nexus.repository.docker.rest.DockerProxyAttributes", Fields: []schema.Field{
		{Name: "indexType", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.docker.internal.IndexType", Enum: []string{"HUB", "REGISTRY", "CUSTOM"}, Rule: schema.NotNull},
		{Name: "indexUrl"}, {Name: "cacheForeignLayers", Kind: schema.Bool}, {Name: "foreignLayerUrlWhitelist", Kind: schema.TextList},
		{Name: "layerDownloadTimeoutMinutes", Kind: schema.Int, Checks: []schema.Check{schema.Between(1, 1440)}, Since: 97},
		{Name: "ecrAuth", Kind: schema.Part, Part: ecrAuth, Since: 94},
	}}
	ociProxy = &schema.Object{Class: "org.sonatype.nexus.repository.oci.rest.OciProxyAttributes", Fields: append([]schema.Field{
		{Name: "indexType", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.oci.internal.IndexType", Enum: []string{"HUB", "REGISTRY", "CUSTOM"}},
	}, dockerProxy.Fields[1:4]...)}
	ecrAuth = &schema.Object{Class: "org.sonatype.nexus.repository.docker.rest.EcrAuthAttributes", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.Bool}, {Name: "awsRegion"}, {Name: "registryId"}, {Name: "accessKeyId"},
		{Name: "secretAccessKey", Secret: true}, {Name: "sessionToken", Secret: true},
	}}
	cosign = &schema.Object{Class: "org.sonatype.nexus.repository.oci.rest.OciCosignConfiguration", Fields: []schema.Field{
		{Name: "enforcement", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.oci.CosignEnforcement", Enum: []string{"NONE", "KEYLESS"}, Rule: schema.NotNull},
		{Name: "identityRegex"}, {Name: "issuerRegex"},
	}}
	maven = &schema.Object{Class: "org.sonatype.nexus.repository.maven.api.MavenAttributes", Fields: []schema.Field{
		{Name: "versionPolicy", Rule: schema.NotEmpty, Checks: []schema.Check{schema.OneOf("RELEASE", "SNAPSHOT", "MIXED")}},
		{Name: "layoutPolicy", Rule: schema.NotEmpty, Checks: []schema.Check{schema.OneOf("STRICT", "PERMISSIVE")}},
		{Name: "contentDisposition", Checks: []schema.Check{schema.OneOf("INLINE", "ATTACHMENT")}},
	}}
	npm = &schema.Object{Class: "org.sonatype.nexus.repository.npm.rest.NpmAttributes", Fields: []schema.Field{
		{Name: "removeNonCataloged", Kind: schema.Bool, Until: 94}, {Name: "removeQuarantined", Kind: schema.Bool, Until: 94},
		{Name: "removeQuarantinedVersions", Kind: schema.Bool, Since: 95},
	}}
	nuget = &schema.Object{Class: "org.sonatype.nexus.repository.nuget.rest.NugetAttributes", Fields: []schema.Field{
		{Name: "queryCacheItemMaxAge", Kind: schema.Int},
		{Name: "nugetVersion", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.nuget.NugetVersion", Enum: []string{"V2", "V3"}},
		{Name: "symbolServerUrl", Since: 94}, {Name: "allowAnonymousSymbolAccess", Kind: schema.Bool, Since: 94},
	}}
	pypi = &schema.Object{Class: "org.sonatype.nexus.repository.pypi.rest.PyPiProxyAttributes", Fields: []schema.Field{
		{Name: "removeQuarantined", Kind: schema.Bool, Until: 94}, {Name: "indexPath", Since: 94, Until: 97}, {Name: "suffix", Since: 97}, {Name: "removeQuarantinedVersions", Kind: schema.Bool, Since: 97},
	}}
	raw = &schema.Object{Class: "org.sonatype.nexus.repository.raw.rest.RawAttributes", Fields: []schema.Field{
		{Name: "contentDisposition", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.raw.ContentDisposition", Enum: []string{"INLINE", "ATTACHMENT"}},
		{Name: "forwardQueryParameters", Kind: schema.Bool, Since: 94}, {Name: "excludedQueryParameters", Kind: schema.TextList, Since: 94},
	}}
	xet = &schema.Object{Class: "org.sonatype.nexus.repository.huggingface.rest.HuggingFaceXetAttributes", Fields: []schema.Field{
		{Name: "enabled", Kind: schema.Bool}, {Name: "xetCasUrl"}, {Name: "xetCasUrlOrDefault"},
		{Name: "xetTransferHostAllowList", Kind: schema.TextList}, {Name: "xetTransferHostAllowListOrDefault", Kind: schema.TextList},
	}}
	yum = &schema.Object{Class: "org.sonatype.nexus.repository.yum.rest.YumAttributes", Fields: []schema.Field{
		{Name: "repodataDepth", Kind: schema.Int, Rule: schema.NotNull, Checks: []schema.Check{schema.Between(0, 5)}},
		{Name: "deployPolicy", Kind: schema.Enum, Class: "org.sonatype.nexus.repository.yum.rest.DeployPolicy", Enum: []string{"PERMISSIVE", "STRICT"}},
	}}
)
