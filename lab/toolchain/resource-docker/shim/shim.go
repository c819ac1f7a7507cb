// Package shim hands out the provider that terraform-provider-docker keeps in an internal package.
// Its module path lies below that of the provider, which is what lets it import the internal package.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"

	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

func NewProvider() *schema.Provider { return provider.New("shim")() }
