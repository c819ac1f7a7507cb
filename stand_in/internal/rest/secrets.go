package rest

import "repository-store/nexus-stand-in/internal/schema"

// placeholder stands for a secret in answers that are meant to be sent back; sent back, it keeps the secret.
const placeholder = "#~NXRM~PLACEHOLDER~PASSWORD~#"

// withoutSecrets shows an object with all of its fields, secrets as null.
func withoutSecrets(values schema.Values, object *schema.Object) map[string]any {
	return masked(values, object, nil)
}

// masked shows an object with all of its fields, and a mask instead of the secrets that are set.
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

// keepSecrets puts the current secrets where the placeholder was sent, at any depth.
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
