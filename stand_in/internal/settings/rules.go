package settings

import "repository-store/nexus-stand-in/internal/javaregex"

// Rules lists the routing rules in the order of their creation.
func (s *Settings) Rules() []RoutingRule { return s.rules.All() }

// Rule finds a routing rule.
func (s *Settings) Rule(name string) (RoutingRule, bool) { return s.rules.Get(name) }

// AddRule stores a new rule; it returns false if the name is taken.
func (s *Settings) AddRule(rule RoutingRule) (bool, error) { return s.rules.Insert(rule.Name, rule) }

// OnRenamed sets a function that is called when a rule is renamed.
func (s *Settings) OnRenamed(call func(from, to string) error) { s.afterRules = call }

// SetRule replaces a rule, and may rename it.
func (s *Settings) SetRule(name string, rule RoutingRule) error {
	if name == rule.Name {
		return s.rules.Put(name, rule)
	}
	if err := s.rules.Put(rule.Name, rule); err != nil {
		return err
	}
	if err := s.afterRules(name, rule.Name); err != nil {
		return err
	}
	_, err := s.rules.Delete(name)
	return err
}

// DeleteRule removes a rule.
func (s *Settings) DeleteRule(name string) error {
	_, err := s.rules.Delete(name)
	return err
}

// Allows reports whether a rule allows a path. A missing rule allows every path.
func (s *Settings) Allows(name, path string) bool {
	rule, ok := s.Rule(name)
	if !ok {
		return true
	}
	for _, matcher := range rule.Matchers {
		if javaregex.Matches(matcher, path) {
			return rule.Mode == "ALLOW"
		}
	}
	return rule.Mode == "BLOCK"
}
