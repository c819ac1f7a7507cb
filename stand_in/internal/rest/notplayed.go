package rest

import (
	_ "embed"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"

	"repository-store/nexus-stand-in/internal/problem"
)

//go:embed notplayed.txt
var notPlayedTable string

// operation is one that real servers have from a release on, and the stand-in has not.
type operation struct {
	method, path, reason string // the path has a * for each parameter
	since                int    // minor version
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

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
			found = append(found, operation{words[1], "/service/rest" + parameter.ReplaceAllString(words[2], "*"), reason, minor})
		}
	}
	return found
}

// unknown answers what no route is for: 501 with the reason if a real server of this release has it.
func (a *API) unknown(notPlayed []operation, otherwise int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, each := range notPlayed {
			if matches, _ := path.Match(each.path, r.URL.Path); matches && each.since <= a.Minor && each.method == r.Method {
				writeError(w, &problem.Message{Status: http.StatusNotImplemented, Text: "The stand-in does not play this: " + each.reason})
				return
			}
		}
		writeStatus(w, otherwise)
	}
}
