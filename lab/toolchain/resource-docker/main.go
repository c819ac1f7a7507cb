// Command pulumi-resource-docker serves the tokens of the pulumi-docker SDK from the Terraform provider of the same name.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// version is that of the pulumi-docker SDK; the build stamps it.
var version = "0.0.0-dev"

const maxNameLength = 255

func main() {
	info := tfbridge.ProviderInfo{
		P:            sdkv2.NewProvider(shim.NewProvider()),
		Name:         "docker",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": {
				Tok:                 "docker:index/container:Container",
				DeleteBeforeReplace: true, // names and published ports are unique on a host
				Fields: map[string]*tfbridge.SchemaInfo{
					"name":              tfbridge.AutoName("name", maxNameLength, "-"),
					"command":           {Name: "command"}, // the SDK keeps these two in the singular
					"networks_advanced": {Name: "networksAdvanced"},
				},
			},
			"docker_image":   {Tok: "docker:index/remoteImage:RemoteImage"},
			"docker_network": named("docker:index/network:Network"),
			"docker_volume":  named("docker:index/volume:Volume"),
			"docker_tag":     {Tok: "docker:index/tag:Tag"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image":          {Tok: "docker:index/getRemoteImage:getRemoteImage"},
			"docker_logs":           {Tok: "docker:index/getLogs:getLogs"},
			"docker_network":        {Tok: "docker:index/getNetwork:getNetwork"},
			"docker_registry_image": {Tok: "docker:index/getRegistryImage:getRegistryImage"},
		},
	}
	schema := []byte(`{"name": "docker", "version": "` + version + `"}`)
	tfbridge.Main("docker", version, info, schema)
}

func named(token tokens.Type) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{
		Tok:    token,
		Fields: map[string]*tfbridge.SchemaInfo{"name": tfbridge.AutoName("name", maxNameLength, "-")},
	}
}
