// Package shim hands out the provider that terraform-provider-tls keeps in an internal package.
// Its module path lies below that of the provider, which is what lets it import the internal package.
package shim

import (
	tlsprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/hashicorp/terraform-provider-tls/internal/provider"
)

func NewProvider() tlsprovider.Provider { return provider.New() }
