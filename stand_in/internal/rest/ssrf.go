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

// protectedSince is the first version with protection against requests to inner addresses; it is on as shipped.
const protectedSince = 92

// checkRemote refuses the address of a remote that leads to an inner address and is not allowed in the settings.
func (a *API) checkRemote(remote string) error {
	settings := showSSRF(a.Settings.SSRF())
	if remote == "" || a.Minor < protectedSince || !a.SSRFProtection || settings["enabled"] != true {
		return nil
	}
	parsed, err := url.Parse(remote)
	if err != nil {
		return nil // refused elsewhere
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
	found, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", host) // a name that is not known leads nowhere
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
		enabled = true // as shipped
	}
	return map[string]any{"enabled": enabled, "allowedIPs": values.Strings("allowedIPs"), "allowedDomains": values.Strings("allowedDomains")}
}
