package repositories

import "strings"

// CleanupUsers lists the names of the repositories with a cleanup policy.
func (m *Manager) CleanupUsers(policy string) []string {
	users := []string{}
	for _, record := range m.records.All() {
		for _, name := range record.Parts.Part("cleanup").Strings("policyNames") {
			if strings.EqualFold(name, policy) {
				users = append(users, record.Name)
			}
		}
	}
	return users
}
