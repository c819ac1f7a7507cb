package rest

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// protectedSince is the first version with SSRF protection, which is on by default.
const protectedSince = 92

// checkRemote rejects a remote that resolves to a private address, unless the settings allow it.
func (a *API) checkRemote(remote string) error {
	settings := showSSRF(a.Settings.SSRF())
	if remote == "" || a.Minor < protectedSince || !a.SSRFProtection || settings["enabled"] != true {
		return nil
	}
	parsed, err := url.Parse(remote)
	if err != nil {
		return nil // rejected elsewhere
	}
	host := parsed.Hostname()
	if allowedDomain(host, settings["allowedDomains"].([]string)) {
		return nil
	}
	for _, address := range addressesOf(host) {
		if isInner(address) && !allowedAddress(address, settings["allowedIPs"].([]string)) {
			return problem.Violation("ProxyConfig.attributes[proxy].remoteUrl",
				"The address %s of %s is private and not allowed by the SSRF protection", address, host)
		}
	}
	return nil
}

func addressesOf(host string) []netip.Addr {
	if address, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{address}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	found, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", host) // an unknown name has no addresses
	return found
}

func isInner(address netip.Addr) bool {
	address = address.Unmap()
	return address.IsPrivate() || address.IsLoopback() || address.IsLinkLocalUnicast() || address.IsUnspecified()
}

func allowedDomain(host string, domains []string) bool {
	for _, domain := range domains {
		if suffix, wild := strings.CutPrefix(domain, "*"); wild && strings.HasSuffix(host, suffix) || strings.EqualFold(host, domain) {
			return true
		}
	}
	return false
}

func allowedAddress(address netip.Addr, allowed []string) bool {
	for _, text := range allowed {
		prefix, err := netip.ParsePrefix(text)
		if err == nil && prefix.Contains(address.Unmap()) || text == address.Unmap().String() {
			return true
		}
	}
	return false
}

func showSSRF(values schema.Values) map[string]any {
	enabled := values["enabled"]
	if enabled == nil {
		enabled = true // the default
	}
	return map[string]any{"enabled": enabled, "allowedIPs": values.Strings("allowedIPs"), "allowedDomains": values.Strings("allowedDomains")}
}
