package security

import "errors"

// ErrInUse means that another record still refers to this one.
var ErrInUse = errors.New("in use")

// Selector is a content selector.
type Selector struct {
	Name        string  `json:"name"`
	Type        string  `json:"type"`
	Description *string `json:"description"`
	Expression  string  `json:"expression"`
}

// Selectors lists the content selectors in the order of their creation.
func (m *Manager) Selectors() []Selector { return m.selectors.All() }

// Selector finds a content selector.
func (m *Manager) Selector(name string) (Selector, bool) { return m.selectors.Get(name) }

// AddSelector stores a new content selector.
func (m *Manager) AddSelector(selector Selector) error {
	added, err := m.selectors.Insert(selector.Name, selector)
	m.changed()
	if err == nil && !added {
		return ErrDuplicate
	}
	return err
}

// SetSelector replaces a content selector.
func (m *Manager) SetSelector(selector Selector) error {
	defer m.changed()
	return m.selectors.Put(selector.Name, selector)
}

// DeleteSelector removes a content selector that no privilege uses.
func (m *Manager) DeleteSelector(name string) error {
	for _, privilege := range m.privileges.All() {
		if privilege.ContentSelector == name {
			return ErrInUse
		}
	}
	defer m.changed()
	_, err := m.selectors.Delete(name)
	return err
}

// CheckExpression returns an error if the expression of a content selector is invalid.
func CheckExpression(text string) error {
	_, err := parseExpression(text)
	return err
}
