package security

import (
	_ "embed"
	"strings"
)

// Tables of privileges: name|type|description|actions|domain, pattern or script.
var (
	//go:embed privileges.txt
	coreTable string // on every server
	//go:embed privileges-community.txt
	communityTable string // not in the core
)

func builtinPrivileges(table string) []Privilege {
	var privileges []Privilege
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		columns := strings.Split(line, "|")
		privilege := Privilege{Name: columns[0], Type: columns[1], Description: columns[2], ReadOnly: true}
		if columns[3] != "" {
			privilege.Actions = strings.Split(columns[3], ",")
		}
		switch privilege.Type {
		case Wildcard:
			privilege.Pattern = columns[4]
		case Application:
			privilege.Domain = columns[4]
		case Script:
			privilege.ScriptName = columns[4]
		default:
			privilege.Format, privilege.Repository = "*", "*"
		}
		privileges = append(privileges, privilege)
	}
	return privileges
}

var (
	viewActions  = []string{"*", "add", "browse", "delete", "edit", "read"}
	adminActions = []string{"*", "browse", "delete", "edit", "read"}
)

func formatPrivileges(format string) []Privilege {
	return generate(RepositoryView, format, "*", "all '"+format+"'-format repository views", viewActions)
}

func viewPrivileges(format, repository string) []Privilege {
	return generate(RepositoryView, format, repository, repository+" repository views", viewActions)
}

func adminPrivileges(format, repository string) []Privilege {
	return generate(RepositoryAdmin, format, repository, repository+" repository administration", adminActions)
}

func generate(kind, format, repository, what string, actions []string) []Privilege {
	privileges := make([]Privilege, 0, len(actions))
	for _, action := range actions {
		word, all := strings.ToUpper(action[:1])+action[1:]+" privilege", strings.ToUpper(action)
		if action == "*" {
			word, all = "All privileges", "ALL"
		}
		privileges = append(privileges, Privilege{
			Type: kind, Name: "nx-" + kind + "-" + format + "-" + repository + "-" + action, Description: word + " for " + what,
			ReadOnly: true, Actions: []string{all}, Format: format, Repository: repository,
		})
	}
	return privileges
}

func builtinRoles() []Role {
	return []Role{
		{ID: "nx-admin", Source: "default", Name: "nx-admin", Description: "Administrator Role", ReadOnly: true,
			Privileges: []string{"nx-all"}, Roles: []string{}},
		{ID: "nx-anonymous", Source: "default", Name: "nx-anonymous", Description: "Anonymous Role", ReadOnly: true,
			Privileges: []string{"nx-healthcheck-read", "nx-search-read", "nx-repository-view-*-*-read", "nx-repository-view-*-*-browse"},
			Roles:      []string{}},
	}
}
