package rest

import "repository-store/nexus-stand-in/internal/schema"

// placeholder replaces a secret in responses; an update with the placeholder keeps the secret.
const placeholder = "#~NXRM~PLACEHOLDER~PASSWORD~#"

// withoutSecrets shows all fields of an object, secrets as null.
func withoutSecrets(values schema.Values, object *schema.Object) map[string]any {
	return masked(values, object, nil)
}

// masked shows all fields of an object, with a mask for secrets that are set.
func masked(values schema.Values, object *schema.Object, mask any) map[string]any {
	shown := map[string]any{}
	for _, field := range object.Fields {
		switch part := values.Part(field.Name); {
		case field.Secret:
			shown[field.Name] = nil
			if values[field.Name] != nil {
				shown[field.Name] = mask
			}
		case part != nil && field.Kind == schema.Part:
			shown[field.Name] = masked(part, field.Part, mask)
		default:
			shown[field.Name] = values[field.Name]
		}
	}
	return shown
}

// keepSecrets replaces placeholders with the current secrets, at any depth.
func keepSecrets(sent, current schema.Values, object *schema.Object) {
	for _, field := range object.Fields {
		switch {
		case field.Secret && sent[field.Name] == placeholder:
			sent[field.Name] = current[field.Name]
		case field.Kind == schema.Part && sent.Part(field.Name) != nil:
			keepSecrets(sent.Part(field.Name), current.Part(field.Name), field.Part)
		}
	}
}
