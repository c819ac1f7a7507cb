// Command nexus-stand-in plays Sonatype Nexus Repository where the real server cannot be had.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 || os.Args[1] != "serve" {
		fmt.Fprintln(os.Stderr, "usage: nexus-stand-in serve [flags]")
		os.Exit(2)
	}
}
