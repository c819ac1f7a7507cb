package repositories

import "repository-store/nexus-stand-in/internal/schema"

// CreateShipped creates the repositories of a new server. mavenCentral is the remote of maven-central; no real address is
// built in.
func (m *Manager) CreateShipped(mavenCentral string) error {
	hosted := func(name, policy, version string) schema.Values {
		return schema.Values{"name": name, "online": true, "storage": storage(policy),
			"maven": schema.Values{"versionPolicy": version, "layoutPolicy": "STRICT", "contentDisposition": "INLINE"}}
	}
	central := schema.Values{"name": "maven-central", "online": true, "storage": storage(""),
		"proxy":         schema.Values{"remoteUrl": mavenCentral, "contentMaxAge": int64(-1), "metadataMaxAge": int64(1440)},
		"negativeCache": schema.Values{"enabled": true, "timeToLive": int64(1440)},
		"httpClient":    schema.Values{"blocked": false, "autoBlock": false},
		"maven":         schema.Values{"versionPolicy": "RELEASE", "layoutPolicy": "PERMISSIVE", "contentDisposition": "INLINE"}}
	group := schema.Values{"name": "maven-public", "online": true, "storage": storage(""),
		"group": schema.Values{"memberNames": []any{"maven-releases", "maven-snapshots", "maven-central"}}}
	for _, shipped := range []struct {
		path   string
		values schema.Values
	}{
		{"maven/hosted", hosted("maven-releases", "ALLOW_ONCE", "RELEASE")},
		{"maven/hosted", hosted("maven-snapshots", "ALLOW", "SNAPSHOT")},
		{"maven/proxy", central},
		{"maven/group", group},
	} {
		if err := m.Create(shipped.path, shipped.values); err != nil {
			return err
		}
	}
	return nil
}

func storage(policy string) schema.Values {
	values := schema.Values{"blobStoreName": "default", "strictContentTypeValidation": false}
	if policy != "" {
		values["writePolicy"] = policy
	}
	return values
}
