package repositories

import (
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
)

// checkMembers applies the rules for the members of a group.
func (m *Manager) checkMembers(record, current *Record) error {
	var found problem.Violations
	add := func(id, text string) {
		found = append(found, problem.Violations{{ID: id, Message: text}}...)
	}
	list, _ := record.Parts.Part("group")["memberNames"].([]any)
	for _, element := range list {
		name, ok := element.(string)
		if !ok {
			return &problem.Fault{Class: "java.lang.NullPointerException"}
		}
		member, exists := m.Find(name)
		switch {
		case !exists:
			add("HelperBean.memberNames", "Member repository does not exist: "+name)
		case member.Format != record.Format:
			add("HelperBean.memberNames", "Member repository format does not match group repository format: "+name)
		case current != nil && m.reaches(member, record.Name, map[string]bool{}):
			add("HelperBean.group.memberNames", "Group '"+name+"' has a member repository '"+record.Name+"' and cannot be added to this list.")
		}
	}
	if found != nil {
		return found
	}
	return nil
}

// reaches reports whether a repository is called name or contains that one, at any depth.
func (m *Manager) reaches(member Record, name string, seen map[string]bool) bool {
	if strings.EqualFold(member.Name, name) {
		return true
	}
	if seen[member.Name] {
		return false
	}
	seen[member.Name] = true
	for _, inner := range member.Members() {
		if record, ok := m.Find(inner); ok && m.reaches(record, name, seen) {
			return true
		}
	}
	return false
}

// leaveGroups removes a repository from the groups: like the real server, one occurrence in each. It fails if a group has
// another member that no longer exists.
func (m *Manager) leaveGroups(leaving Record) error {
	for _, group := range m.records.All() {
		if group.Type != content.Group {
			continue
		}
		rest, was := withoutFirst(group.Members(), leaving.Name)
		if !was {
			continue
		}
		for _, name := range rest {
			if _, exists := m.Find(name); !exists {
				return &problem.Fault{Class: "org.sonatype.goodies.common.MultipleFailures$MultipleFailuresException",
					Message: "Failed to validate facets; 1 failure"}
			}
		}
		if err := m.records.Put(group.Name, group.withMembers(rest)); err != nil {
			return err
		}
		m.retire(group.Instance)
	}
	return nil
}

func withoutFirst(names []string, name string) ([]string, bool) {
	for i, candidate := range names {
		if strings.EqualFold(candidate, name) {
			return append(names[:i:i], names[i+1:]...), true
		}
	}
	return names, false
}

func (r Record) withMembers(names []string) Record {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	parts := clone(r.Parts)
	part := clone(parts.Part("group"))
	part["memberNames"] = list
	parts["group"] = part
	r.Parts = parts
	return r
}
