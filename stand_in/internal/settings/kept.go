package settings

import (
	"slices"

	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/schema"
)

// Objects that are stored without an effect: collections, and single settings objects.
const (
	SAMLUsers       = "saml-users"
	OAuth2Users     = "oauth2-users"
	UserTokens      = "user-tokens"
	ServiceAccounts = "service-accounts"
	AllowedIPs      = "ip-allowlist"
	Audits          = "iq-audits"
	Tags            = "tags"
	Scripts         = "scripts"
	singles         = "settings"
	LDAPOrder       = "ldap-order"
)

func openKept(d *database.Database) (map[string]*database.Collection[schema.Values], error) {
	kept := map[string]*database.Collection[schema.Values]{}
	for _, name := range []string{SAMLUsers, OAuth2Users, UserTokens, ServiceAccounts, AllowedIPs, Audits, Tags, Scripts, singles} {
		collection, err := database.NewCollection[schema.Values](d, "kept/"+name)
		if err != nil {
			return nil, err
		}
		kept[name] = collection
	}
	return kept, nil
}

// Kept returns one of the collections.
func (s *Settings) Kept(name string) *database.Collection[schema.Values] { return s.kept[name] }

// Single returns a single settings object, and whether it was set.
func (s *Settings) Single(name string) (schema.Values, bool) { return s.kept[singles].Get(name) }

// SetSingle replaces a single settings object and reports whether it was set before.
func (s *Settings) SetSingle(name string, values schema.Values) (bool, error) {
	_, existed := s.Single(name)
	return existed, s.kept[singles].Put(name, values)
}

// DropSingle removes a single settings object.
func (s *Settings) DropSingle(name string) error {
	_, err := s.kept[singles].Delete(name)
	return err
}

// LDAPOrdered lists the LDAP servers in the configured order; the others follow.
func (s *Settings) LDAPOrdered() []schema.Values {
	values, _ := s.Single(LDAPOrder)
	names := values.Strings("names")
	place := func(server schema.Values) int {
		if i := slices.Index(names, server.String("name")); i >= 0 {
			return i
		}
		return len(names)
	}
	servers := s.ldap.All()
	slices.SortStableFunc(servers, func(a, b schema.Values) int { return place(a) - place(b) })
	return servers
}
