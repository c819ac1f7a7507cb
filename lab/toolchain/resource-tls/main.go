// Command pulumi-resource-tls serves the tokens of the pulumi-tls SDK from the Terraform provider of the same name.
package main

import (
	"context"

	"github.com/hashicorp/terraform-provider-tls/shim"
	pftfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// version is that of the pulumi-tls SDK; the build stamps it.
var version = "0.0.0-dev"

func main() {
	info := tfbridge.ProviderInfo{
		P:            pftfbridge.ShimProvider(shim.NewProvider()),
		Name:         "tls",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			"tls_private_key":         {Tok: "tls:index/privateKey:PrivateKey"},
			"tls_cert_request":        certificate("tls:index/certRequest:CertRequest"),
			"tls_locally_signed_cert": {Tok: "tls:index/locallySignedCert:LocallySignedCert"},
			"tls_self_signed_cert":    certificate("tls:index/selfSignedCert:SelfSignedCert"),
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"tls_certificate": {Tok: "tls:index/getCertificate:getCertificate"},
			"tls_public_key":  {Tok: "tls:index/getPublicKey:getPublicKey"},
		},
	}
	schema := []byte(`{"name": "tls", "version": "` + version + `"}`)
	pftfbridge.Main(context.Background(), "tls", info, pftfbridge.ProviderMetadata{PackageSchema: schema})
}

// certificate maps a resource that the SDK gives one subject where Terraform has a list of them.
func certificate(token tokens.Type) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{
		Tok:    token,
		Fields: map[string]*tfbridge.SchemaInfo{"subject": {MaxItemsOne: tfbridge.True()}},
	}
}
