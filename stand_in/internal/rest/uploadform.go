package rest

import (
	"fmt"
	"maps"
	"mime/multipart"
	"slices"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// labels are the displayed names of fields, if they are not the capitalized field names.
var labels = map[string]string{"groupId": "Group ID", "artifactId": "Artifact ID"}

// uploadForm returns the fields that are not blank, all with the format as prefix.
func uploadForm(format string, sent *multipart.Form) *content.UploadForm {
	form := &content.UploadForm{Fields: map[string]string{}}
	prefixed := func(field string) string { return format + "." + strings.TrimPrefix(field, format+".") }
	for field, values := range sent.Value {
		if strings.TrimSpace(values[0]) != "" {
			form.Fields[prefixed(field)] = values[0]
		}
	}
	for field, files := range sent.File {
		for _, file := range files {
			form.Files = append(form.Files, content.UploadFile{Field: prefixed(field), FileHeader: file})
		}
	}
	slices.SortFunc(form.Files, func(a, b content.UploadFile) int { return strings.Compare(a.Field, b.Field) })
	return form
}

// formFaults returns unknown and missing fields, in the order of the real server.
func formFaults(format string, form *content.UploadForm) error {
	at := slices.IndexFunc(uploadSpecs, func(spec uploadSpec) bool { return spec.Format == format })
	if at < 0 {
		return nil
	}
	spec, component, assets := uploadSpecs[at], map[string]string{}, make([]map[string]string, len(form.Files))
	for field, value := range form.Fields {
		name := strings.TrimPrefix(field, format+".")
		if asset := assetOf(format, form, field); asset >= 0 {
			if assets[asset] == nil {
				assets[asset] = map[string]string{}
			}
			_, name, _ = strings.Cut(name, ".")
			assets[asset][name] = value
			continue
		}
		component[name] = value
	}
	var faults content.ValidationErrors
	if len(form.Files) == 0 {
		faults = append(faults, content.ValidationError{ID: "*", Message: "No assets found in upload"})
	}
	for _, name := range unknown(spec.ComponentFields, component) {
		faults = append(faults, content.ValidationError{ID: name, Message: fmt.Sprintf("Unknown component field '%s'", name)})
	}
	required := spec.ComponentFields
	if slices.ContainsFunc(assets, func(asset map[string]string) bool { return asset["extension"] == "pom" && asset["classifier"] == "" }) {
		required = nil // the POM has them
	}
	for _, field := range missing(required, component) {
		faults = append(faults, content.ValidationError{ID: field, Message: fmt.Sprintf("Missing required component field '%s'", label(field))})
	}
	for i, asset := range assets {
		for _, name := range unknown(spec.AssetFields, asset) {
			faults = append(faults, content.ValidationError{ID: name, Message: fmt.Sprintf("Unknown field '%s' on asset '%d'", name, i+1)})
		}
		for _, field := range missing(spec.AssetFields, asset) {
			faults = append(faults, content.ValidationError{ID: field, Message: fmt.Sprintf("Missing required asset field '%s' on '%d'", label(field), i+1)})
		}
	}
	for i, asset := range assets {
		if same := slices.IndexFunc(assets[:i], func(earlier map[string]string) bool { return maps.Equal(earlier, asset) }); same >= 0 {
			faults = append(faults, content.ValidationError{ID: "*", Message: fmt.Sprintf("The assets %d and %d have identical coordinates", same+1, i+1)})
		}
	}
	if faults == nil {
		return nil
	}
	return faults
}

// assetOf returns the index of the file that a field belongs to, or -1 for a field of the component. A file field whose own
// name has a dot, such as one with the prefix of another format, has no fields.
func assetOf(format string, form *content.UploadForm, field string) int {
	name, rest, _ := strings.Cut(strings.TrimPrefix(field, format+"."), ".")
	if len(rest) < 2 {
		return -1
	}
	return slices.IndexFunc(form.Files, func(file content.UploadFile) bool { return file.Field == format+"."+name })
}

func unknown(fields []uploadField, given map[string]string) []string {
	var found []string
	for name := range given {
		if !slices.ContainsFunc(fields, func(field uploadField) bool { return field.Name == name }) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func missing(fields []uploadField, given map[string]string) []string {
	var found []string
	for _, field := range fields {
		if !field.Optional && field.Type != "FILE" && given[field.Name] == "" {
			found = append(found, field.Name)
		}
	}
	return found
}

func label(field string) string {
	if known, is := labels[field]; is {
		return known
	}
	return strings.ToUpper(field[:1]) + field[1:]
}
