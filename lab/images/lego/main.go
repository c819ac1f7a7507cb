// lego as its published image has it, with the DNS providers that the tags of lab/images/images.py name.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/go-acme/lego/v5/cmd"
)

var version = "dev"

func main() {
	command := cmd.CreateRootCommand()
	command.Version = version
	if err := command.Run(context.Background(), os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
