package repositories

import (
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/schema"
)

// Summary is the short form of a repository.
func (m *Manager) Summary(r *Record, baseURL string) map[string]any {
	attributes := map[string]any{}
	if r.Type == content.Proxy {
		attributes["proxy"] = map[string]any{"remoteUrl": r.RemoteURL()}
	}
	summary := map[string]any{"name": r.Name, "format": r.Format, "type": r.Type, "url": URL(r, baseURL), "attributes": attributes}
	if m.minor >= 91 {
		summary["size"] = nil
	}
	if m.minor >= 94 {
		summary["online"] = r.Online
	}
	return summary
}

// URL is the address of a repository.
func URL(r *Record, baseURL string) string { return baseURL + "/repository/" + r.Name }

// Render is the typed form of a repository; secrets are left out.
func (m *Manager) Render(r *Record, baseURL string) map[string]any {
	recipe := m.byName[r.Format+"/"+r.Type]
	shown := map[string]any{"name": r.Name, "format": r.Format, "type": r.Type, "url": URL(r, baseURL), "online": r.Online}
	for _, part := range recipe.parts {
		shown[part.name] = showPart(r.Parts.Part(part.name), part.part, alwaysShown(part.name))
	}
	if r.Format == "apt" && r.Type == content.Hosted {
		shown["aptSigning"] = showSigning(r.Parts.Part("aptSigning"))
	}
	storage := r.Parts.Part("storage")
	shownStorage := map[string]any{"blobStoreName": storage["blobStoreName"], "strictContentTypeValidation": storage["strictContentTypeValidation"]}
	shown["storage"] = shownStorage
	switch r.Type {
	case content.Group:
		if m.minor < afterCore {
			delete(shown, "raw")
		}
		group := map[string]any{"memberNames": r.Members()}
		if field(recipe.body, "group", "writableMember") {
			group["writableMember"] = r.Parts.Part("group")["writableMember"]
		}
		shown["group"] = group
		return shown
	case content.Hosted:
		shownStorage["writePolicy"] = storage["writePolicy"]
		if latest := storage["latestPolicy"]; latest != nil && m.minor < latestHidden {
			shownStorage["latestPolicy"] = latest
		}
		shown["component"] = map[string]any{"proprietaryComponents": r.Parts.Part("component").Bool("proprietaryComponents")}
	case content.Proxy:
		if m.minor < afterCore {
			shownStorage["writePolicy"] = content.Allow
		}
		m.showProxy(r, recipe, shown)
	}
	shown["cleanup"] = nil
	if part := r.Parts.Part("cleanup"); part != nil {
		shown["cleanup"] = part
	}
	return shown
}

// afterCore is the first version with only API documents and no recordings.
const afterCore = 78

// latestHidden is the first version that accepts storage.latestPolicy of docker repositories but does not return it. Its API
// document has it in the response; Sonatype's provider found that it is missing.
const latestHidden = 84

// alwaysShown reports whether a section is shown even if it was not sent. Those of maven and apt are empty after an update
// through another format; the others are always shown.
func alwaysShown(section string) bool {
	return section == "maven" || section == "apt" || section == "pypi" || section == "terraform"
}

func (m *Manager) showProxy(r *Record, recipe *recipe, shown map[string]any) {
	proxy := clone(r.Parts.Part("proxy"))
	if m.minor >= 90 && proxy["preserveEncodedCharacters"] == nil {
		proxy["preserveEncodedCharacters"] = false
	}
	shown["proxy"] = proxy
	shown["negativeCache"] = r.Parts.Part("negativeCache")
	client := r.Parts.Part("httpClient")
	shown["httpClient"] = map[string]any{
		"blocked": client.Bool("blocked"), "autoBlock": client.Bool("autoBlock"),
		"connection":     showConnection(client.Part("connection")),
		"authentication": showAuthentication(client.Part("authentication"), recipe.format == "maven2"),
	}
	shown["routingRuleName"] = nil
	if r.Rule != "" {
		shown["routingRuleName"] = r.Rule
	}
	if m.minor >= 94 {
		shown["firewall"] = nil
		if part := r.Parts.Part("firewall"); part != nil {
			shown["firewall"] = part
		}
	}
}

func showConnection(part schema.Values) map[string]any {
	return map[string]any{
		"retries": part["retries"], "userAgentSuffix": part["userAgentSuffix"], "timeout": part["timeout"],
		"enableCircularRedirects": part.Bool("enableCircularRedirects"), "enableCookies": part.Bool("enableCookies"),
		"useTrustStore": part.Bool("useTrustStore"),
	}
}

func showAuthentication(part schema.Values, maven bool) any {
	if part == nil {
		return nil
	}
	shown := map[string]any{"type": part["type"], "username": part["username"], "ntlmHost": part["ntlmHost"], "ntlmDomain": part["ntlmDomain"]}
	if maven {
		shown["preemptive"], shown["bearerToken"] = part["preemptive"], nil
	}
	return shown
}

// showPart shows all fields but secrets; absent fields are null. A part that was never sent is null as a whole.
func showPart(part schema.Values, object *schema.Object, always bool) any {
	if part == nil && !always {
		return nil
	}
	shown := map[string]any{}
	for _, f := range object.Fields {
		switch {
		case f.Secret:
		case f.Part != nil:
			shown[f.Name] = showPart(part.Part(f.Name), f.Part, false)
		default:
			shown[f.Name] = part[f.Name]
		}
	}
	return shown
}

// showSigning shows the key in plain text, like the real server; without a passphrase it shows nothing.
func showSigning(part schema.Values) any {
	if part.String("passphrase") == "" {
		return nil
	}
	return map[string]any{"keypair": part["keypair"], "passphrase": nil}
}

func field(object *schema.Object, part, name string) bool {
	for _, f := range object.Fields {
		if f.Name == part {
			for _, inner := range f.Part.Fields {
				if inner.Name == name {
					return true
				}
			}
		}
	}
	return false
}
