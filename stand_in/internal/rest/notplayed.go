package rest

import (
	_ "embed"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
)

//go:embed notplayed.txt
var notPlayedTable string

// operation is one that real servers have from a release on, and the stand-in has not.
type operation struct {
	method, reason string
	path           *regexp.Regexp
	since          int // minor version
}

var parameter = regexp.MustCompile(`\\\{[^}]*\\\}`)

// operationsNotPlayed reads the table.
func operationsNotPlayed() []operation {
	var found []operation
	reason := ""
	for line := range strings.Lines(notPlayedTable) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case !strings.HasPrefix(line, " "):
			reason = strings.TrimSpace(line)
		default:
			minor, _ := strconv.Atoi(strings.TrimPrefix(words[0], "3."))
			path := parameter.ReplaceAllLiteralString(regexp.QuoteMeta(words[2]), "[^/]+")
			found = append(found, operation{words[1], reason, regexp.MustCompile("^/service/rest" + path + "$"), minor})
		}
	}
	return found
}

// unknown answers what no route is for: 501 with the reason if a real server of this release has it.
func (a *API) unknown(otherwise int) http.HandlerFunc {
	operations := operationsNotPlayed()
	return func(w http.ResponseWriter, r *http.Request) {
		for _, each := range operations {
			if each.since <= a.Minor && each.method == r.Method && each.path.MatchString(r.URL.Path) {
				writeError(w, &problem.Message{Status: http.StatusNotImplemented, Text: "The stand-in does not play this: " + each.reason})
				return
			}
		}
		writeStatus(w, otherwise)
	}
}
