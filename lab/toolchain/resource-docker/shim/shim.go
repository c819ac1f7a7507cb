// Package shim hands out the provider that terraform-provider-docker keeps in an internal package.
// Its module path lies below that of the provider, which is what lets it import the internal package.
package shim

import (
	"context"

	"github.com/docker/docker/api/types/versions"
	"github.com/docker/docker/client"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"

	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// newestAPI is the newest version of Docker's API that the provider speaks. Its client of 2022 would stop at 1.41, which
// Docker Engine 29 refuses; what the provider calls is the same in both.
const newestAPI = "1.44"

func NewProvider() *schema.Provider {
	docker := provider.New("shim")()
	docker.Schema["context"] = contextSchema()
	acceptStartInterval(docker.ResourcesMap["docker_container"])
	configure := docker.ConfigureContextFunc
	docker.ConfigureContextFunc = func(ctx context.Context, data *schema.ResourceData) (any, diag.Diagnostics) {
		if err := useContext(data); err != nil {
			return nil, diag.FromErr(err)
		}
		configured, diagnostics := configure(ctx, data)
		if config, ok := configured.(*provider.ProviderConfig); ok {
			if err := negotiate(ctx, config.DockerClient); err != nil {
				return nil, diag.FromErr(err)
			}
		}
		return configured, diagnostics
	}
	return docker
}

// acceptStartInterval lets the provider know a property of which the published plugin writes the default into every state.
func acceptStartInterval(container *schema.Resource) {
	healthcheck := container.Schema["healthcheck"].Elem.(*schema.Resource)
	healthcheck.Schema["start_interval"] = &schema.Schema{Type: schema.TypeString, Optional: true}
}

// negotiate makes the client speak the engine's version of the API, but none above newestAPI.
func negotiate(ctx context.Context, docker *client.Client) error {
	ping, err := docker.Ping(ctx)
	if err != nil || ping.APIVersion == "" {
		return err
	}
	if versions.LessThan(ping.APIVersion, newestAPI) {
		return client.WithVersion(ping.APIVersion)(docker)
	}
	return client.WithVersion(newestAPI)(docker)
}
