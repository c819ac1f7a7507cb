package rest

import (
	"errors"
	"net/http"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
)

// uploadField is a field of the form of POST /v1/components.
type uploadField struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description any    `json:"description"`
	Optional    bool   `json:"optional"`
	Group       any    `json:"group"`
}

// uploadSpec describes the form of a format.
type uploadSpec struct {
	Format          string        `json:"format"`
	MultipleUpload  bool          `json:"multipleUpload"`
	ComponentFields []uploadField `json:"componentFields"`
	AssetFields     []uploadField `json:"assetFields"`
}

func textField(name string, optional bool, group, description any) uploadField {
	return uploadField{Name: name, Type: "STRING", Description: description, Optional: optional, Group: group}
}

var (
	assetField  = uploadField{Name: "asset", Type: "FILE"}
	generatePOM = uploadField{Name: "generate-pom", Type: "BOOLEAN", Optional: true, Group: "Component coordinates"}
)

var uploadSpecs = []uploadSpec{
	{"raw", true, []uploadField{textField("directory", false, "Component attributes", "Destination for uploaded files (e.g. /path/to/files/)")},
		[]uploadField{textField("filename", false, nil, nil), assetField}},
	{"apt", false, []uploadField{}, []uploadField{assetField}},
	{"maven2", true, []uploadField{
		textField("groupId", false, "Component coordinates", nil), textField("artifactId", false, "Component coordinates", nil),
		textField("version", false, "Component coordinates", nil), generatePOM, textField("packaging", true, "Component coordinates", nil)},
		[]uploadField{textField("classifier", true, nil, nil), textField("extension", false, nil, nil), assetField}},
	{"yum", false, []uploadField{textField("directory", true, "Component attributes", "Destination for uploaded files (e.g. /path/to/files/)")},
		[]uploadField{textField("filename", false, nil, nil), assetField}},
	{"npm", false, []uploadField{}, []uploadField{assetField}},
	{"pypi", false, []uploadField{}, []uploadField{assetField}},
}

// coreFormats is the number of formats of the recorded build, which come first.
const coreFormats = 3

func (a *API) uploadRoutes() {
	specs := uploadSpecs
	if a.Minor <= 77 {
		specs = uploadSpecs[:coreFormats]
	}
	a.on(route{method: "GET", path: "/formats/upload-specs"}, func(*call) (answer, error) { return ok(specs), nil })
	a.on(route{method: "GET", path: "/formats/{format}/upload-specs"}, func(c *call) (answer, error) {
		for _, spec := range specs {
			if spec.Format == c.param("format") {
				return ok(spec), nil
			}
		}
		return answer{}, notFound
	})
	a.on(route{method: "POST", path: "/components", consumes: "multipart/form-data", anyMedia: true}, a.upload)
}

const formMemory = 1 << 20 // the rest of the form is stored in files

func (a *API) upload(c *call) (answer, error) {
	name := c.query("repository")
	if mediaType(c.Request) == "" {
		return answer{}, problem.Refuse("Expected multipart Content-Type")
	}
	if name == "" {
		return answer{}, problem.Status(http.StatusUnprocessableEntity)
	}
	running, exists := a.Repositories.Run(name)
	if !exists {
		return answer{}, notFound
	}
	if !running.Online {
		return answer{}, problem.Violation("*", "Repository offline")
	}
	uploader, can := running.Format.(content.Uploader)
	if running.Type != content.Hosted {
		return answer{}, problem.Violation("*", "Uploading components to a '%s' type repository is unsupported, must be 'hosted'", running.Type)
	}
	if !can {
		return answer{}, problem.Violation("*", "Uploading components to '%s' repositories is unsupported", running.Record.Format)
	}
	if !a.Security.AllowedContent(c.principal, running.Record.Format, running.Name, "", "edit") || !a.allowed(c, may("component", "create")) {
		return answer{}, problem.Violation("*", "Not authorized for requested path")
	}
	if err := c.ParseMultipartForm(formMemory); err != nil {
		return answer{}, problem.Violation("*", "the form cannot be read: %v", err)
	}
	defer c.MultipartForm.RemoveAll()
	form := uploadForm(running.Record.Format, c.MultipartForm)
	if faults := formFaults(running.Record.Format, form); faults != nil {
		return answer{}, faults
	}
	return orDone(uploadError(uploader.Upload(c.Context(), running.Repository, form)))
}

func uploadError(err error) error {
	var (
		violations content.ValidationErrors
		unexpected *content.Unexpected
	)
	switch {
	case errors.As(err, &unexpected):
		return &problem.Fault{Class: unexpected.Class, Message: unexpected.Message}
	case err == nil || errors.As(err, &violations):
		return err
	case errors.Is(err, content.ErrWritePolicy):
		return &problem.Text{Status: http.StatusBadRequest, Message: err.Error()}
	case errors.Is(err, content.ErrInvalid):
		return &problem.Fault{Class: "org.sonatype.nexus.repository.InvalidContentException", Message: strings.TrimPrefix(err.Error(), content.ErrInvalid.Error()+": ")}
	}
	return err
}
