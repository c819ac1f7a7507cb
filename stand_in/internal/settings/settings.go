// Package settings stores everything but repositories and security: routing rules, cleanup policies, mail, the licence
// agreement, trusted certificates, the HTTP proxy, scripts, and read-only mode.
package settings

import (
	"fmt"
	"sync"
	"time"

	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/schema"
)

// RoutingRule allows or blocks requests to proxies.
type RoutingRule struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Mode        string   `json:"mode"`
	Matchers    []string `json:"matchers"`
}

// Settings are all settings.
type Settings struct {
	rules     *database.Collection[RoutingRule]
	policies  *database.Collection[schema.Values]
	trusted   *database.Collection[string] // fingerprint -> PEM
	ldap      *database.Collection[schema.Values]
	features  *database.Collection[schema.Values] // capabilities
	email     *database.Setting[schema.Values]
	http      *database.Setting[schema.Values]
	ssrf      *database.Setting[schema.Values]
	eula      *database.Setting[bool]
	telemetry *database.Setting[bool]
	anonymity *database.Setting[bool] // anonymous access was configured
	kept      map[string]*database.Collection[schema.Values]

	requiresEULA bool

	mutex      sync.Mutex
	frozenAt   time.Time
	frozen     bool
	afterRules func(from, to string) error
}

// Open opens the settings.
func Open(d *database.Database) (s *Settings, err error) {
	s = &Settings{afterRules: func(string, string) error { return nil }}
	if s.rules, err = database.NewCollection[RoutingRule](d, "routing-rules"); err != nil {
		return nil, err
	}
	if s.policies, err = database.NewCollection[schema.Values](d, "cleanup-policies"); err != nil {
		return nil, err
	}
	if s.trusted, err = database.NewCollection[string](d, "truststore"); err != nil {
		return nil, err
	}
	if s.ldap, err = database.NewCollection[schema.Values](d, "ldap"); err != nil {
		return nil, err
	}
	if s.features, err = database.NewCollection[schema.Values](d, "capabilities"); err != nil {
		return nil, err
	}
	if s.kept, err = openKept(d); err != nil {
		return nil, err
	}
	if s.telemetry, err = database.NewSetting(d, "telemetry", false); err != nil {
		return nil, err
	}
	if s.email, err = database.NewSetting(d, "email", ShippedEmail()); err != nil {
		return nil, err
	}
	if s.http, err = database.NewSetting(d, "http", schema.Values{}); err != nil {
		return nil, err
	}
	if s.ssrf, err = database.NewSetting(d, "ssrf-protection", schema.Values{}); err != nil {
		return nil, err
	}
	if s.anonymity, err = database.NewSetting(d, "anonymous-configured", false); err != nil {
		return nil, err
	}
	s.eula, err = database.NewSetting(d, "eula", false)
	return s, err
}

// ShippedEmail are the mail settings of a new server.
func ShippedEmail() schema.Values {
	return schema.Values{"host": "localhost", "port": int64(25), "fromAddress": "nexus@example.org"}
}

// Email returns the mail settings; they are empty after a deletion.
func (s *Settings) Email() schema.Values { return s.email.Get() }

// SetEmail replaces them.
func (s *Settings) SetEmail(values schema.Values) error { return s.email.Set(values) }

// HTTP returns the settings for outgoing requests.
func (s *Settings) HTTP() schema.Values { return s.http.Get() }

// SetHTTP replaces them.
func (s *Settings) SetHTTP(values schema.Values) error { return s.http.Set(values) }

// SSRF returns the settings of the SSRF protection.
func (s *Settings) SSRF() schema.Values { return s.ssrf.Get() }

// SetSSRF replaces them.
func (s *Settings) SetSSRF(values schema.Values) error { return s.ssrf.Set(values) }

// EULAAccepted reports whether the licence agreement was accepted.
func (s *Settings) EULAAccepted() bool { return s.eula.Get() }

// RequireEULA has the server refuse content until the agreement is accepted: the Community Edition does, the others do not.
func (s *Settings) RequireEULA() { s.requiresEULA = true }

// LacksEULA reports whether content is refused for that reason.
func (s *Settings) LacksEULA() bool { return s.requiresEULA && !s.EULAAccepted() }

// AcceptEULA accepts it or revokes that.
func (s *Settings) AcceptEULA(accepted bool) error { return s.eula.Set(accepted) }

// TelemetryAcknowledged reports whether the telemetry was acknowledged.
func (s *Settings) TelemetryAcknowledged() bool { return s.telemetry.Get() }

// AcknowledgeTelemetry acknowledges the telemetry or revokes that.
func (s *Settings) AcknowledgeTelemetry(acknowledged bool) error {
	return s.telemetry.Set(acknowledged)
}

// LDAP are the LDAP servers by name. They are never contacted.
func (s *Settings) LDAP() *database.Collection[schema.Values] { return s.ldap }

// Capabilities are the capabilities by id. Only audit has an effect.
func (s *Settings) Capabilities() *database.Collection[schema.Values] { return s.features }

// AnonymousConfigured reports whether anonymous access was ever configured.
func (s *Settings) AnonymousConfigured() bool { return s.anonymity.Get() }

// ConfiguredAnonymous records that.
func (s *Settings) ConfiguredAnonymous() error { return s.anonymity.Set(true) }

// Frozen reports whether the server is in read-only mode.
func (s *Settings) Frozen() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.frozen
}

// FreezeReason is a message with the time when the server was frozen, or "".
func (s *Settings) FreezeReason() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.frozen {
		return ""
	}
	return fmt.Sprintf("Requested by an administrator at %s", s.frozenAt.Format("2006-01-02 15:04:05 -07:00"))
}

// SetFrozen sets the mode and reports whether it changed.
func (s *Settings) SetFrozen(frozen bool) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	changed := s.frozen != frozen
	s.frozen, s.frozenAt = frozen, time.Now()
	return changed
}

// CleanupPolicies lists the policies.
func (s *Settings) CleanupPolicies() []schema.Values { return s.policies.All() }

// CleanupPolicy finds a policy.
func (s *Settings) CleanupPolicy(name string) (schema.Values, bool) { return s.policies.Get(name) }

// AddCleanupPolicy stores a new policy; it returns false if the name is taken.
func (s *Settings) AddCleanupPolicy(name string, policy schema.Values) (bool, error) {
	return s.policies.Insert(name, policy)
}

// SetCleanupPolicy replaces a policy.
func (s *Settings) SetCleanupPolicy(name string, policy schema.Values) error {
	return s.policies.Put(name, policy)
}

// DeleteCleanupPolicy removes a policy and reports whether it existed.
func (s *Settings) DeleteCleanupPolicy(name string) (bool, error) { return s.policies.Delete(name) }
