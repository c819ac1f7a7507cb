package rest

import (
	"encoding/csv"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

const (
	allowListMode = "ip-allowlist-mode"
	maxAllowed    = 1000
)

var (
	allowedBody = &schema.Object{Class: "EntryXO", Fields: []schema.Field{{Name: "ipOrCidr", Rule: schema.NotBlank}, {Name: "description"}}}
	modeBody    = &schema.Object{Class: "ModeChangeXO", Fields: []schema.Field{{Name: "mode", Kind: schema.Enum, Rule: schema.NotNull, Class: "Mode",
		Enum: []string{"DISABLED", "MONITOR", "ENFORCE"}}}}
	bulkBody = &schema.Object{Class: "BulkUploadRequest", Fields: []schema.Field{{Name: "csvContent", Rule: schema.NotNull}}}
)

// allowListRoutes store the list of allowed addresses; it is not enforced.
func (a *API) allowListRoutes() {
	const path, entries, since = "/security/ip-allowlist", "/security/ip-allowlist/entries", 93
	a.on(route{method: "GET", path: path, need: may("settings", "read"), since: since}, func(*call) (answer, error) { return ok(a.showAllowList()), nil })
	a.on(route{method: "GET", path: path + "/current-ip", need: may("settings", "read"), since: since}, func(c *call) (answer, error) {
		return ok(map[string]any{"ip": content.RequesterOf(c.Context()).IP, "allowed": a.ipAllowed(content.RequesterOf(c.Context()).IP)}), nil
	})
	a.onBody(route{method: "PUT", path: path + "/mode", need: may("settings", "update"), body: modeBody, since: since}, func(_ *call, body schema.Values) (answer, error) {
		_, err := a.Settings.SetSingle(allowListMode, body)
		return orDone(err)
	})
	a.on(route{method: "GET", path: entries, need: may("settings", "read"), since: since}, a.listAllowed)
	a.onBody(route{method: "POST", path: entries, need: may("settings", "update"), body: allowedBody, since: since}, func(c *call, body schema.Values) (answer, error) {
		return empty(http.StatusCreated), a.allowIP(c, body.String("ipOrCidr"), body["description"])
	})
	a.onBody(route{method: "PUT", path: entries + "/{id}", need: may("settings", "update"), body: allowedBody, since: since}, a.updateAllowed)
	a.on(route{method: "DELETE", path: entries, need: may("settings", "update"), since: since}, a.clearAllowed)
	a.onBody(route{method: "POST", path: entries + "/bulk", need: may("settings", "update"), body: bulkBody, since: since}, a.uploadAllowed)
	a.on(route{method: "DELETE", path: entries + "/bulk", need: may("settings", "update"), consumes: "application/json", since: since}, a.deleteAllowed)
}

// entryType is the type of an entry, or "" if it is neither an address nor a network.
func entryType(text string) string {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return "CIDR_" + entryType(prefix.Addr().String())
	}
	address, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return ""
	case address.Is4():
		return "IPV4"
	}
	return "IPV6"
}

func (a *API) showAllowList() map[string]any {
	mode := "DISABLED"
	if values, set := a.Settings.Single(allowListMode); set {
		mode = values.String("mode")
	}
	all := a.Settings.Kept(settings.AllowedIPs).All()
	effective, covered4, covered6 := mode, 0, 0
	if mode == "ENFORCE" && len(all) == 0 {
		effective = "DISABLED"
	}
	for _, entry := range all {
		switch entry.String("entryType") {
		case "IPV4":
			covered4++
		case "IPV6":
			covered6++
		case "CIDR_IPV4":
			if _, network, err := net.ParseCIDR(entry.String("entry")); err == nil {
				ones, bits := network.Mask.Size()
				covered4 += 1 << (bits - ones)
			}
		}
	}
	return map[string]any{"mode": mode, "effectiveMode": effective, "featureEnabled": true, "maxEntries": maxAllowed, "totalEntries": len(all),
		"ipv4AddressesCovered": covered4, "ipv6AddressesCovered": covered6}
}

func (a *API) ipAllowed(ip string) bool {
	address, err := netip.ParseAddr(ip)
	for _, entry := range a.Settings.Kept(settings.AllowedIPs).All() {
		text := entry.String("entry")
		if prefix, bad := netip.ParsePrefix(text); err == nil && bad == nil && prefix.Contains(address) || text == ip {
			return true
		}
	}
	return len(a.Settings.Kept(settings.AllowedIPs).All()) == 0
}

func (a *API) allowIP(c *call, text string, description any) error {
	kind := entryType(text)
	all := a.Settings.Kept(settings.AllowedIPs).All()
	switch {
	case kind == "":
		return problem.Violation("ipOrCidr", "'%s' is no IP address and no network in CIDR notation", text)
	case len(all) >= maxAllowed || a.allowedEntry(text) != nil:
		return problem.Status(http.StatusConflict)
	}
	entry := schema.Values{"id": uuid.NewString(), "entry": text, "entryType": kind, "description": description,
		"createdAt": time.Now().Format(timestamp), "createdBy": c.principal.UserID}
	return a.Settings.Kept(settings.AllowedIPs).Put(entry.String("id"), entry)
}

func (a *API) allowedEntry(text string) schema.Values {
	for _, entry := range a.Settings.Kept(settings.AllowedIPs).All() {
		if entry.String("entry") == text {
			return entry
		}
	}
	return nil
}

func showAllowed(entry schema.Values) map[string]any {
	shown := map[string]any{}
	for _, name := range []string{"id", "entry", "entryType", "description", "createdAt", "createdBy", "updatedAt", "updatedBy"} {
		shown[name] = entry[name]
	}
	return shown
}

func (a *API) listAllowed(c *call) (answer, error) {
	number, size := numberOr(c.query("page"), 0), numberOr(c.query("pageSize"), 50)
	if number < 0 || size < 1 {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	found := []map[string]any{}
	for _, entry := range a.Settings.Kept(settings.AllowedIPs).All() {
		if strings.Contains(entry.String("entry")+" "+entry.String("description"), c.query("search")) {
			found = append(found, showAllowed(entry))
		}
	}
	begin := min(number*size, len(found))
	return ok(map[string]any{"entries": found[begin:min(begin+size, len(found))], "page": number, "pageSize": size,
		"totalEntries": len(found), "totalPages": (len(found) + size - 1) / size}), nil
}

// numberOr parses a number: fallback for an empty text, -1 for an invalid one.
func numberOr(text string, fallback int) int {
	if text == "" {
		return fallback
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return number
}

func (a *API) updateAllowed(c *call, body schema.Values) (answer, error) {
	entry, exists := a.Settings.Kept(settings.AllowedIPs).Get(c.param("id"))
	text := body.String("ipOrCidr")
	other := a.allowedEntry(text)
	switch {
	case !exists:
		return answer{}, notFound
	case entryType(text) == "":
		return answer{}, problem.Violation("ipOrCidr", "'%s' is no IP address and no network in CIDR notation", text)
	case other != nil && other.String("id") != entry.String("id"):
		return answer{}, problem.Status(http.StatusConflict)
	}
	changed := schema.Values{"id": entry["id"], "createdAt": entry["createdAt"], "createdBy": entry["createdBy"], "entry": text, "entryType": entryType(text),
		"description": body["description"], "updatedAt": time.Now().Format(timestamp), "updatedBy": c.principal.UserID}
	return ok(showAllowed(changed)), a.Settings.Kept(settings.AllowedIPs).Put(entry.String("id"), changed)
}

func (a *API) clearAllowed(c *call) (answer, error) {
	if c.query("confirm") != "true" {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	for _, entry := range a.Settings.Kept(settings.AllowedIPs).All() {
		if _, err := a.Settings.Kept(settings.AllowedIPs).Delete(entry.String("id")); err != nil {
			return answer{}, err
		}
	}
	return done()
}

func (a *API) deleteAllowed(c *call) (answer, error) {
	text, err := c.text()
	if err != nil {
		return answer{}, err
	}
	var ids []string
	if json.Unmarshal([]byte(text), &ids) != nil || len(ids) == 0 {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	deleted := 0
	for _, id := range ids {
		if removed, err := a.Settings.Kept(settings.AllowedIPs).Delete(id); err != nil {
			return answer{}, err
		} else if removed {
			deleted++
		}
	}
	return ok(map[string]any{"deletedCount": deleted, "failedCount": len(ids) - deleted}), nil
}

// uploadAllowed reads a CSV of address and description with a header line.
func (a *API) uploadAllowed(c *call, body schema.Values) (answer, error) {
	reader := csv.NewReader(strings.NewReader(body.String("csvContent")))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil || len(rows) == 0 {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	added, skipped, rejected := 0, 0, []map[string]any{}
	for i, row := range rows[1:] {
		text := strings.TrimSpace(row[0])
		description := any(nil)
		if len(row) > 1 {
			description = row[1]
		}
		switch {
		case entryType(text) == "":
			rejected = append(rejected, map[string]any{"line": i + 2, "value": text, "reason": "no IP address and no network in CIDR notation"})
		case a.allowedEntry(text) != nil:
			skipped++
		default:
			if err := a.allowIP(c, text, description); err != nil {
				return answer{}, err
			}
			added++
		}
	}
	return ok(map[string]any{"totalRows": len(rows) - 1, "addedCount": added, "skippedCount": skipped, "rejectedCount": len(rejected), "rejectedEntries": rejected}), nil
}
