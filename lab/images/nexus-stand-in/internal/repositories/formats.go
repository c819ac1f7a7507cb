package repositories

import (
	. "repository-store/nexus-stand-in/internal/schema" // the tables read better
)

// section is a part of a request that only some formats have.
type section struct {
	name   string
	part   *Object
	hosted *Object // what hosted repositories have instead
	rule   Rule
	types  string // "hosted proxy group": those that take it
	shown  string // those whose answer to GET has it
}

// recipe is a combination of format and type.
type recipe struct {
	format string // maven2
	path   string // maven
	kind   string // hosted, proxy, group
	since  int    // first minor version of the server that has it
	body   *Object
	parts  []section // those shown in answers
}

// formatRow describes the recipes of a format.
type formatRow struct {
	format, path          string
	hosted, proxy, group  int // first minor version, 0: never
	sections              []section
	preemptive, deployToo bool // pre-emptive authentication; groups that accept deployments
	storage               *Object
}

const all = "hosted proxy group"

var formatTable = []formatRow{
	{format: "alpine", hosted: 93, proxy: 93, group: 93, sections: []section{{name: "alpineSigning", part: signing("alpine.rest.AlpineSigningRepositoriesAttributes"), types: all}}},
	{format: "ansiblegalaxy", hosted: 93, proxy: 93, group: 93},
	{format: "apt", hosted: 1, proxy: 1, sections: []section{
		{name: "apt", part: aptProxy, hosted: aptHosted, rule: NotNull, types: "hosted proxy", shown: "hosted proxy"},
		{name: "aptSigning", part: aptSigning, rule: NotNull, types: "hosted", shown: "hosted"},
	}},
	{format: "cargo", hosted: 74, proxy: 74, group: 74, sections: []section{{name: "cargo", part: requireAuthentication("cargo.rest.CargoAttributes"), types: "proxy group", shown: "proxy group"}}},
	{format: "cocoapods", proxy: 1},
	{format: "composer", hosted: 97, proxy: 81, group: 97},
	{format: "conan", hosted: 74, proxy: 1, group: 81, deployToo: true, sections: []section{{name: "conanProxy", part: conanProxy, types: "proxy", shown: "proxy"}}},
	{format: "conda", hosted: 92, proxy: 1, group: 92},
	{format: "docker", hosted: 1, proxy: 1, group: 1, deployToo: true, storage: dockerStorage, sections: []section{
		{name: "docker", part: docker, rule: NotNull, types: all, shown: all},
		{name: "dockerProxy", part: dockerProxy, rule: NotNull, types: "proxy", shown: "proxy"},
	}},
	{format: "gitlfs", hosted: 1},
	{format: "go", hosted: 93, proxy: 1, group: 1},
	{format: "helm", hosted: 1, proxy: 1, group: 92},
	{format: "huggingface", proxy: 81},
	{format: "maven2", path: "maven", hosted: 1, proxy: 1, group: 1, preemptive: true, sections: []section{
		{name: "maven", part: maven, rule: NotNull, types: "hosted proxy", shown: "hosted proxy"},
	}},
	{format: "npm", hosted: 1, proxy: 1, group: 1, deployToo: true, sections: []section{{name: "npm", part: npm, types: "proxy", shown: "proxy"}}},
	{format: "nuget", hosted: 1, proxy: 1, group: 1, sections: []section{{name: "nugetProxy", part: nuget, rule: NotNull, types: "proxy", shown: "proxy"}}},
	{format: "oci", hosted: 94, proxy: 94, group: 94, deployToo: true, storage: dockerStorage, sections: []section{
		{name: "oci", part: docker, rule: NotNull, types: all, shown: all},
		{name: "ociProxy", part: dockerProxy, types: "proxy", shown: "proxy"},
		{name: "cosign", part: cosign, types: all, shown: all},
	}},
	{format: "p2", proxy: 1},
	{format: "pub", hosted: 92, proxy: 92, group: 92},
	{format: "pypi", hosted: 1, proxy: 1, group: 1, deployToo: true, sections: []section{{name: "pypi", part: pypi, types: "proxy", shown: "proxy"}}},
	{format: "r", hosted: 1, proxy: 1, group: 1},
	{format: "raw", hosted: 1, proxy: 1, group: 1, sections: []section{
		{name: "raw", part: raw, types: all, shown: "hosted proxy"},
	}},
	{format: "rubygems", hosted: 1, proxy: 1, group: 1},
	{format: "swift", hosted: 90, proxy: 89, group: 91, sections: []section{{name: "swift", part: requireAuthentication("swift.rest.SwiftAttributes"), types: "proxy", shown: "proxy"}}},
	{format: "terraform", hosted: 89, proxy: 88, group: 90, sections: []section{
		{name: "terraform", part: requireAuthentication("terraform.rest.TerraformAttributes"), types: "proxy group", shown: "proxy group"},
		{name: "terraformSigning", part: signing("terraform.rest.TerraformSigningAttributes"), rule: NotNull, types: "hosted", shown: "hosted"},
	}},
	{format: "yum", hosted: 1, proxy: 1, group: 1, sections: []section{
		{name: "yum", part: yum, rule: NotNull, types: "hosted", shown: "hosted"},
		{name: "yumSigning", part: signing("yum.rest.YumSigningRepositoriesAttributes"), types: "proxy group"},
	}},
}

func signing(class string) *Object {
	return &Object{Class: "org.sonatype.nexus.repository." + class, Fields: []Field{
		{Name: "keypair", Rule: NotEmpty, Secret: true}, {Name: "passphrase", Secret: true},
	}}
}

func requireAuthentication(class string) *Object {
	return &Object{Class: "org.sonatype.nexus.repository." + class, Fields: []Field{{Name: "requireAuthentication", Kind: Bool}}}
}

var (
	aptHosted = &Object{Class: "org.sonatype.nexus.repository.apt.api.AptHostedRepositoriesAttributes", Fields: []Field{
		{Name: "distribution", Rule: NotEmpty},
	}}
	aptProxy = &Object{Class: "org.sonatype.nexus.repository.apt.rest.AptProxyRepositoriesAttributes", Fields: []Field{
		{Name: "distribution", Rule: NotEmpty}, {Name: "flat", Kind: Bool, Rule: NotNull}, {Name: "enforceDistribution", Kind: Bool, Since: 94},
	}}
	aptSigning = &Object{Class: "org.sonatype.nexus.repository.apt.rest.AptSigningRepositoriesAttributes", Fields: []Field{
		{Name: "keypair", Rule: NotEmpty}, {Name: "passphrase", Secret: true},
	}}
	conanProxy = &Object{Class: "org.sonatype.nexus.repository.conan.rest.ConanProxyAttributes", Fields: []Field{
		{Name: "conanVersion", Kind: Enum, Class: "org.sonatype.nexus.repository.conan.ConanVersion", Enum: []string{"V1", "V2"}},
	}}
	docker = &Object{Class: "org.sonatype.nexus.repository.docker.rest.DockerAttributes", Fields: []Field{
		{Name: "v1Enabled", Kind: Bool, Rule: NotNull}, {Name: "forceBasicAuth", Kind: Bool, Rule: NotNull},
		{Name: "httpPort", Kind: Int, Checks: []Check{Between(1, 65535)}}, {Name: "httpsPort", Kind: Int, Checks: []Check{Between(1, 65535)}},
		{Name: "subdomain"}, {Name: "pathEnabled", Kind: Bool, Since: 83},
	}}
	dockerProxy = &Object{Class: "org.sonatype.nexus.repository.docker.rest.DockerProxyAttributes", Fields: []Field{
		{Name: "indexType", Kind: Enum, Class: "org.sonatype.nexus.repository.docker.internal.IndexType", Enum: []string{"HUB", "REGISTRY", "CUSTOM"}, Rule: NotNull},
		{Name: "indexUrl"}, {Name: "cacheForeignLayers", Kind: Bool}, {Name: "foreignLayerUrlWhitelist", Kind: TextList},
		{Name: "layerDownloadTimeoutMinutes", Kind: Int, Checks: []Check{Between(1, 1440)}, Since: 97},
		{Name: "ecrAuth", Kind: Part, Part: ecrAuth, Since: 94},
	}}
	ecrAuth = &Object{Class: "org.sonatype.nexus.repository.docker.rest.EcrAuthAttributes", Fields: []Field{
		{Name: "enabled", Kind: Bool}, {Name: "awsRegion"}, {Name: "registryId"}, {Name: "accessKeyId"},
		{Name: "secretAccessKey", Secret: true}, {Name: "sessionToken", Secret: true},
	}}
	cosign = &Object{Class: "org.sonatype.nexus.repository.oci.rest.OciCosignConfiguration", Fields: []Field{
		{Name: "enforcement", Kind: Enum, Class: "org.sonatype.nexus.repository.oci.CosignEnforcement", Enum: []string{"NONE", "KEYLESS"}, Rule: NotNull},
		{Name: "identityRegex"}, {Name: "issuerRegex"},
	}}
	maven = &Object{Class: "org.sonatype.nexus.repository.maven.api.MavenAttributes", Fields: []Field{
		{Name: "versionPolicy", Rule: NotEmpty, Checks: []Check{OneOf("RELEASE", "SNAPSHOT", "MIXED")}},
		{Name: "layoutPolicy", Rule: NotEmpty, Checks: []Check{OneOf("STRICT", "PERMISSIVE")}},
		{Name: "contentDisposition", Checks: []Check{OneOf("INLINE", "ATTACHMENT")}},
	}}
	npm = &Object{Class: "org.sonatype.nexus.repository.npm.rest.NpmAttributes", Fields: []Field{
		{Name: "removeNonCataloged", Kind: Bool}, {Name: "removeQuarantined", Kind: Bool},
	}}
	nuget = &Object{Class: "org.sonatype.nexus.repository.nuget.rest.NugetAttributes", Fields: []Field{
		{Name: "queryCacheItemMaxAge", Kind: Int},
		{Name: "nugetVersion", Kind: Enum, Class: "org.sonatype.nexus.repository.nuget.NugetVersion", Enum: []string{"V2", "V3"}},
		{Name: "symbolServerUrl", Since: 94}, {Name: "allowAnonymousSymbolAccess", Kind: Bool, Since: 94},
	}}
	pypi = &Object{Class: "org.sonatype.nexus.repository.pypi.rest.PyPiProxyAttributes", Fields: []Field{{Name: "indexPath", Since: 94}}}
	raw  = &Object{Class: "org.sonatype.nexus.repository.raw.rest.RawAttributes", Fields: []Field{
		{Name: "contentDisposition", Kind: Enum, Class: "org.sonatype.nexus.repository.raw.ContentDisposition", Enum: []string{"INLINE", "ATTACHMENT"}},
		{Name: "forwardQueryParameters", Kind: Bool, Since: 94}, {Name: "excludedQueryParameters", Kind: TextList, Since: 94},
	}}
	yum = &Object{Class: "org.sonatype.nexus.repository.yum.rest.YumAttributes", Fields: []Field{
		{Name: "repodataDepth", Kind: Int, Rule: NotNull, Checks: []Check{Between(0, 5)}},
		{Name: "deployPolicy", Kind: Enum, Class: "org.sonatype.nexus.repository.yum.rest.DeployPolicy", Enum: []string{"PERMISSIVE", "STRICT"}},
	}}
)
