// Package server puts the parts together and answers HTTP requests.
package server

import "fmt"

// Options are the settings of the process.
type Options struct {
	DataDir         string
	Address         string // of the user interface and the REST API
	ConnectorHost   string // on which the ports of docker repositories are opened
	Generation      string // 3.97, 3.90, 3.77
	InitialPassword string // of the admin; empty: made up and written to admin.password
	MavenCentral    string // remote of the shipped maven-central
	FaultsAddress   string // of the control listener; empty: none
}

// Generation is a version of the real server that can be played.
type Generation struct {
	Name    string
	Minor   int
	Version string // as the real server calls itself
	Edition string
}

// Generations are those that can be played, newest first.
var Generations = []Generation{
	{"3.97", 97, "3.97.0-01", "COMMUNITY"},
	{"3.90", 90, "3.90.3-01", "COMMUNITY"},
	{"3.77", 77, "3.77.0-08", "COMMUNITY"},
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
