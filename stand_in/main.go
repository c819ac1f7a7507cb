// Command nexus-stand-in plays Sonatype Nexus Repository where its image cannot be pulled.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"repository-store/nexus-stand-in/internal/server"
)

const usage = "usage: nexus-stand-in serve [--data DIR] [--address HOST:PORT] [--connector-address HOST] [--generation 3.97|3.90|3.80|3.78|3.77] [...]; --help lists all options"

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stdout, nil)))
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "nexus-stand-in:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 0 {
		arguments = []string{"serve"} // the container starts without arguments
	}
	if arguments[0] != "serve" {
		return errors.New(usage)
	}
	options := server.Options{InitialPassword: os.Getenv("NEXUS_SECURITY_INITIAL_PASSWORD"), SecretsKeyFile: os.Getenv("NEXUS_SECRETS_KEY_FILE")}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.StringVar(&options.DataDir, "data", "/nexus-data", "data directory")
	flags.StringVar(&options.Address, "address", ":8081", "address of the REST API and of the repositories")
	flags.StringVar(&options.ConnectorHost, "connector-address", "", "host to open the ports of docker repositories on; empty: all interfaces")
	flags.StringVar(&options.Generation, "generation", "3.97", "version of the real server to play: 3.97, 3.90, 3.80, 3.78 or 3.77")
	flags.StringVar(&options.MavenCentral, "maven-central", "https://maven-central.invalid/maven2/", "remote of the shipped repository maven-central")
	flags.StringVar(&options.FaultsAddress, "faults", "", "loopback address of the control listener for faults; empty: none")
	flags.StringVar(&options.Exchanges, "exchanges", "", "file to append each REST API request and response to as a line of JSON, secrets masked; empty: none")
	flags.StringVar(&options.Pace, "pace", "", "real slows the REST API down to the speed of a real server; empty: no delay")
	flags.StringVar(&options.Edition, "edition", "", "edition to play: COMMUNITY or PRO; empty: the default of the version")
	flags.StringVar(&options.Formats, "formats", "", "comma-separated formats to play; maven2,raw,apt is the open-source core; empty: all formats of the version")
	flags.BoolVar(&options.Rest.AllowScripts, "allow-scripts", false, "allow scripts to be created; they never run")
	flags.BoolVar(&options.Rest.SSRFProtection, "ssrf-protection", false,
		"reject remotes on private addresses while SSRF protection is enabled in the settings, as servers since 3.92 do")
	flags.BoolVar(&options.Rest.UnreachedBlobStores, "unreached-blob-stores", false,
		"accept S3, Azure and Google Cloud blob stores without contacting the cloud; only their settings are stored")
	if err := flags.Parse(arguments[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	s, err := server.New(options)
	if err != nil {
		return err
	}
	return s.Run(ctx)
}
