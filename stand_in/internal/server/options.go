// Package server puts the parts together and answers HTTP requests.
package server

import (
	"fmt"

	"repository-store/nexus-stand-in/internal/rest"
)

// Options are the settings of the process.
type Options struct {
	DataDir         string
	Address         string // of the user interface and the REST API
	ConnectorHost   string // on which the ports of docker repositories are opened
	Generation      string // 3.97, 3.90, 3.77
	InitialPassword string // of the admin; empty: made up and written to admin.password
	MavenCentral    string // remote of the shipped maven-central
	FaultsAddress   string // of the control listener; empty: none
	Exchanges       string // file of the journal of the REST API; empty: none is kept
	Pace            string // of the REST API: real; empty: as fast as it goes
	Edition         string // COMMUNITY, PRO; empty: that of the generation
	Formats         string // the only ones, separated by commas; empty: all
	Rest            rest.Options
}

// Generation is a version of the real server that can be played.
type Generation struct {
	Name    string
	Minor   int
	Version string // as the real server calls itself
	Edition string
	Core    bool // the build without what is not open source, which the recordings are of
}

// Generations are those that can be played, newest first.
var Generations = []Generation{
	{Name: "3.97", Minor: 97, Version: "3.97.0-01", Edition: "COMMUNITY"},
	{Name: "3.90", Minor: 90, Version: "3.90.3-01", Edition: "COMMUNITY"},
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

// as is the generation in another edition.
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
