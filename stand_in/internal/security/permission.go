package security

import "strings"

// permission is a wildcard permission: parts separated by colons, alternatives by commas, * for anything.
type permission [][]string

func parsePermission(text string) permission {
	var parts permission
	for _, part := range strings.Split(text, ":") {
		parts = append(parts, strings.Split(strings.ToLower(part), ","))
	}
	return parts
}

// implies reports whether p includes wanted.
func (p permission) implies(wanted permission) bool {
	for i, alternatives := range p {
		if i >= len(wanted) {
			return has(alternatives, "*")
		}
		if !has(alternatives, "*") && !covers(alternatives, wanted[i]) {
			return false
		}
	}
	return true
}

func covers(held, wanted []string) bool {
	for _, word := range wanted {
		if !has(held, word) {
			return false
		}
	}
	return true
}

func has(words []string, word string) bool {
	for _, candidate := range words {
		if candidate == word {
			return true
		}
	}
	return false
}

// permissionOf converts a privilege to a permission.
func permissionOf(p Privilege) permission {
	switch p.Type {
	case Wildcard:
		return parsePermission(p.Pattern)
	case Application:
		return permission{{"nexus"}, {strings.ToLower(p.Domain)}, crudActions(p.Actions)}
	case Script:
		return permission{{"nexus"}, {"script"}, {strings.ToLower(p.ScriptName)}, lowerActions(p.Actions)}
	}
	if p.Type == ContentSelector { // the format is ignored, also for all repositories
		p.Format = "*"
	}
	return permission{{"nexus"}, {p.Type}, {strings.ToLower(p.Format)}, {strings.ToLower(p.Repository)}, lowerActions(p.Actions)}
}

func lowerActions(actions []string) []string {
	lower := make([]string, len(actions))
	for i, action := range actions {
		if lower[i] = strings.ToLower(action); lower[i] == "all" {
			lower[i] = "*"
		}
	}
	return lower
}

// crudActions are the actions of application privileges, whose permissions use create and update.
func crudActions(actions []string) []string {
	crud := lowerActions(actions)
	for i, action := range crud {
		switch action {
		case "add":
			crud[i] = "create"
		case "edit":
			crud[i] = "update"
		}
	}
	return crud
}
