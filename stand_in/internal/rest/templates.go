package rest

import "net/http"

// taskTypes are the types of tasks that can be created, with their properties and defaults.
var taskTypes = []struct {
	id, name   string
	properties map[string]string
}{
	{"blobstore.compact", "Admin - Compact blob store", map[string]string{"blobstoreName": ""}},
	{"blobstore.rebuildComponentDB", "Repair - Reconcile component database from blob store", map[string]string{
		"blobstoreName": "", "dryRun": "false", "restoreBlobs": "true", "undeleteBlobs": "true", "integrityCheck": "true", "sinceDays": ""}},
	{"repository.cleanup", "Admin - Cleanup repositories using their associated policies", map[string]string{}},
	{"repository.docker.gc", "Docker - Delete unused manifests and images", map[string]string{"repositoryName": "", "deployOffset": "24"}},
	{"repository.docker.upload-purge", "Docker - Delete incomplete uploads", map[string]string{"age": "24"}},
	{"repository.maven.remove-snapshots", "Maven - Delete SNAPSHOT", map[string]string{
		"repositoryName": "", "minimumRetained": "1", "snapshotRetentionDays": "30", "removeIfReleased": "", "gracePeriodInDays": ""}},
	{"repository.yum.rebuild.metadata", "Yum - Rebuild Yum repository metadata", map[string]string{"repositoryName": "", "yumMetadataCaching": "false"}},
	{"security.purge-api-keys", "Admin - Delete orphaned API keys", map[string]string{}},
}

func showTaskType(i int) map[string]any {
	t := taskTypes[i]
	return map[string]any{"type": t.id, "name": t.name, "enabled": true, "alertEmail": "", "notificationCondition": "FAILURE",
		"frequency": map[string]any{"schedule": "manual"}, "properties": t.properties}
}

// capabilityTypes are the types of capabilities that every server has.
var capabilityTypes = map[string]string{
	"OutreachManagementCapability": "Outreach: Management", "audit": "Audit", "rapture.settings": "UI: Settings", "baseurl": "Base URL", "rutauth": "Rut Auth",
	"customs3regions": "Custom S3 Regions", "defaultrole": "Default Role", "webhook.global": "Webhook: Global", "webhook.repository": "Webhook: Repository",
}

// templateRoutes list the types of tasks and capabilities that can be created.
func (a *API) templateRoutes() {
	a.on(route{method: "GET", path: "/tasks/templates", need: may("tasks", "read"), since: createTasks}, func(*call) (answer, error) {
		list := make([]map[string]any, len(taskTypes))
		for i := range taskTypes {
			list[i] = showTaskType(i)
		}
		return ok(list), nil
	})
	a.on(route{method: "GET", path: "/tasks/templates/{type}", need: may("tasks", "read"), since: createTasks}, func(c *call) (answer, error) {
		for i := range taskTypes {
			if taskTypes[i].id == c.param("type") {
				return ok(showTaskType(i)), nil
			}
		}
		return empty(http.StatusNotFound), nil
	})
	a.on(route{method: "GET", path: "/capabilities/types", need: may("capabilities", "read"), since: 88}, func(*call) (answer, error) {
		list := []map[string]any{}
		for id, name := range capabilityTypes {
			list = append(list, map[string]any{"id": id, "name": name, "about": nil, "formFields": []any{}})
		}
		return ok(list), nil
	})
}
