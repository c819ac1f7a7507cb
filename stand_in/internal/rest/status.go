package rest

import (
	"net/http"
	"os"
	"runtime"
	"time"
)

func (a *API) statusRoutes() {
	a.on(route{method: "GET", path: "/status"}, func(*call) (answer, error) { return empty(http.StatusOK), nil })
	a.on(route{method: "GET", path: "/status/writable"}, func(*call) (answer, error) {
		if a.Settings.Frozen() {
			return empty(http.StatusServiceUnavailable), nil
		}
		return empty(http.StatusOK), nil
	})
	a.on(route{method: "GET", path: "/status/check", need: may("metrics", "read")}, func(*call) (answer, error) { return ok(a.checks()), nil })
	a.on(route{method: "GET", path: "/service/rest/beta/status/check/cluster", need: may("metrics", "read"), since: 84}, func(*call) (answer, error) {
		return ok([]map[string]any{{"hostname": hostname(), "nodeId": a.NodeID, "results": a.checks()}}), nil
	})
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return name
}

// checks returns the health checks of the real server; those that do not apply to the stand-in have a fixed result.
func (a *API) checks() map[string]any {
	now := time.Now()
	checks := map[string]any{}
	report := func(name string, healthy bool, message any) {
		checks[name] = map[string]any{"healthy": healthy, "message": message, "error": nil, "details": nil,
			"time": now.UnixMilli(), "duration": 0, "timestamp": now.Format(timestamp)}
	}
	report("Available CPUs", runtime.NumCPU() >= 4, "The host system is allocating cores to the application. A minimum of 4 is recommended.")
	report("Blob Stores Quota", true, "No blob stores violate their quota")
	report("Blob Stores Ready", true, "No blob stores report issues")
	report("Coordinate Content Selectors", true, "No content selectors using coordinates found.")
	report("Default Admin Credentials", true, nil)
	keyed, key := a.keyCheck()
	report("Default Secret Encryption Key", keyed, key)
	report("DefaultRoleRealm", true, "Default Role Realm not in use.")
	report("File Blob Stores Path", true, nil)
	report("File Descriptors", true, nil)
	report("Lifecycle Phase", true, nil)
	encrypted, encryption := a.reEncryptionCheck()
	report("Re-encryption required", encrypted, encryption)
	report("Read-Only Detector", !a.Settings.Frozen(), textOrNull(a.Settings.FreezeReason()))
	report("Scheduler", true, nil)
	report("Scripting", true, "Scripting is disabled.")
	report("Thread Deadlock Detector", true, nil)
	return checks
}
