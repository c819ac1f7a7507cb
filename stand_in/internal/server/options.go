// Package server assembles the parts and serves HTTP requests.
package server

import (
	"fmt"

	"repository-store/nexus-stand-in/internal/rest"
)

// Options are the settings of the process.
type Options struct {
	DataDir         string
	SecretsKeyFile  string
	Address         string // of the user interface and the REST API
	ConnectorHost   string // for the ports of docker repositories
	Generation      string // name of one of Generations
	InitialPassword string // of the admin; empty: generated and written to admin.password
	MavenCentral    string // remote of the shipped maven-central
	FaultsAddress   string // of the control listener; empty: none
	Exchanges       string // file of the journal of the REST API; empty: none
	Pace            string // of the REST API: real; empty: no delay
	Edition         string // COMMUNITY, PRO; empty: the default of the generation
	Formats         string // comma-separated; empty: all
	Rest            rest.Options
}

// Generation is a version of the real server that can be played.
type Generation struct {
	Name    string
	Minor   int
	Version string // as reported by the real server
	Edition string
	Core    bool // the open-source build, with which the recordings were made
}

// Generations are the versions that can be played, newest first.
var Generations = []Generation{
	{Name: "3.97", Minor: 97, Version: "3.97.0-01", Edition: "COMMUNITY"},
	{Name: "3.90", Minor: 90, Version: "3.90.3-01", Edition: "COMMUNITY"},
	{Name: "3.80", Minor: 80, Version: "3.80.0-06", Edition: "COMMUNITY"},
	{Name: "3.78", Minor: 78, Version: "3.78.2-04", Edition: "COMMUNITY"},
	{Name: "3.77", Minor: 77, Version: "3.77.0-08", Edition: "CORE", Core: true},
}

// GenerationNamed finds a generation.
func GenerationNamed(name string) (Generation, error) {
	names := []string{}
	for _, generation := range Generations {
		if generation.Name == name {
			return generation, nil
		}
		names = append(names, generation.Name)
	}
	return Generation{}, fmt.Errorf("--generation %s is not known: use one of %v", name, names)
}

// as returns the generation in another edition.
func (g Generation) as(edition string) (Generation, error) {
	switch edition {
	case "":
	case "COMMUNITY", "PRO":
		if g.Core {
			return g, fmt.Errorf("--edition %s: version %s is played as the open-source core only; leave the option out", edition, g.Name)
		}
		g.Edition = edition
	default:
		return g, fmt.Errorf("--edition %s is not known: use COMMUNITY or PRO", edition)
	}
	return g, nil
}
