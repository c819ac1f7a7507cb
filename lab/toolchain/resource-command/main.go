// Command pulumi-resource-command serves the tokens of the pulumi-command SDK where its published plugin cannot be fetched.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-go-provider/infer"

	"repository-store/lab/toolchain/resource-command/local"
	"repository-store/lab/toolchain/resource-command/remote"
)

// version is that of the pulumi-command SDK; the build stamps it.
var version = "0.0.0-dev"

func main() {
	provider, err := infer.NewProviderBuilder().
		WithNamespace("repository-store").
		WithResources(
			infer.Resource(local.Command{}),
			infer.Resource(remote.Command{}),
			infer.Resource(remote.CopyToRemote{}),
		).
		Build()
	if err == nil {
		err = provider.Run(context.Background(), "command", version)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-command:", err)
		os.Exit(1)
	}
}
