package settings

import (
	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/schema"
)

// ShipCapabilities adds the capabilities of a new server.
func (s *Settings) ShipCapabilities() error {
	for _, shipped := range []schema.Values{
		{"type": "audit"},
		{"type": "OutreachManagementCapability"},
		{"type": "rapture.settings", "properties": schema.Values{
			"title": "Sonatype Nexus Repository", "debugAllowed": "true", "statusIntervalAuthenticated": "5", "statusIntervalAnonymous": "60",
			"sessionTimeout": "30", "requestTimeout": "60", "longRequestTimeout": "180",
		}},
	} {
		shipped["id"], shipped["enabled"] = uuid.NewString(), true
		if err := s.features.Put(shipped.String("id"), shipped); err != nil {
			return err
		}
	}
	return nil
}
