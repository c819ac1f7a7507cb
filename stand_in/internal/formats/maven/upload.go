package maven

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/content"
)

// Upload stores the files of a form with their checksums, and updates the metadata of the artifact. A POM in the form, or else its
// fields, says where.
func (Format) Upload(ctx context.Context, r *content.Repository, form *content.UploadForm) error {
	if r.Text("versionPolicy") == "SNAPSHOT" {
		return refusal("Upload to snapshot repositories not supported, use the maven client.")
	}
	u := upload{repository: r, fields: form.Fields}
	u.group, u.name, u.version = u.field("groupId"), u.field("artifactId"), u.field("version")
	for _, file := range form.Files {
		if u.ending(file) == ".pom" {
			if err := u.readPOM(file); err != nil {
				return err
			}
			break
		}
	}
	for _, file := range form.Files {
		if err := u.check(u.path(u.ending(file))); err != nil {
			return err
		}
	}
	for _, file := range form.Files {
		if err := u.storeFile(ctx, u.ending(file), file); err != nil {
			return err
		}
	}
	if generate := u.field("generate-pom"); generate == "on" || strings.EqualFold(generate, "true") {
		if err := u.store(ctx, u.path(".pom"), strings.NewReader(u.pom()), ""); err != nil {
			return err
		}
	}
	if isSnapshot(u.path(".pom")) {
		return nil
	}
	return u.updateMetadata(ctx)
}

func refusal(format string, arguments ...any) error {
	return content.ValidationErrors{{ID: "*", Message: fmt.Sprintf(format, arguments...)}}
}

type upload struct {
	repository           *content.Repository
	fields               map[string]string
	group, name, version string
}

func (u upload) field(name string) string { return u.fields["maven2."+name] }

// ending is what a file's name has after the version.
func (u upload) ending(file content.UploadFile) string {
	extension := "." + u.fields[file.Field+".extension"]
	if classifier := u.fields[file.Field+".classifier"]; classifier != "" {
		return "-" + classifier + extension
	}
	return extension
}

func (u upload) folder() string { return strings.ReplaceAll(u.group, ".", "/") + "/" + u.name }

func (u upload) path(ending string) string {
	return u.folder() + "/" + u.version + "/" + u.name + "-" + u.version + ending
}

func (u upload) check(path string) error {
	if parse(path) == nil {
		return refusal("Cannot generate maven coordinate from assembled path '%s'", path)
	}
	policy := u.repository.Text("versionPolicy")
	if policy == "RELEASE" && isSnapshot(path) {
		return refusal("Version policy mismatch, cannot upload SNAPSHOT content to RELEASE repositories for file '%s'", path)
	}
	return nil
}

// readPOM takes the coordinates from a POM.
func (u *upload) readPOM(file content.UploadFile) error {
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	var read struct {
		Parent struct {
			GroupID *string `xml:"groupId"`
			Version *string `xml:"version"`
		} `xml:"parent"`
		GroupID    *string `xml:"groupId"`
		ArtifactID *string `xml:"artifactId"`
		Version    *string `xml:"version"`
	}
	if err := xml.NewDecoder(body).Decode(&read); err != nil {
		return refusal("The provided POM file is invalid.")
	}
	group, name, version := cmp.Or(read.GroupID, read.Parent.GroupID), read.ArtifactID, cmp.Or(read.Version, read.Parent.Version)
	for _, part := range []*string{group, name, version} {
		if part == nil || strings.HasPrefix(*part, "${") {
			return refusal("The provided POM file is invalid.  Could not retrieve valid G:A:V parameters (%s:%s:%s)", orNull(group), orNull(name), orNull(version))
		}
	}
	u.group, u.name, u.version = strings.TrimSpace(*group), strings.TrimSpace(*name), strings.TrimSpace(*version)
	return nil
}

func orNull(text *string) string {
	if text == nil {
		return "null"
	}
	return *text
}

func (u upload) storeFile(ctx context.Context, ending string, file content.UploadFile) error {
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	return u.store(ctx, u.path(ending), body, file.Header.Get("Content-Type"))
}

// store stores a file and its checksums.
func (u upload) store(ctx context.Context, path string, body io.Reader, declared string) error {
	if err := replacing(u.repository, path).CheckWrite(path); err != nil {
		return err
	}
	staged, err := u.repository.Store.Stage(ctx, body)
	if err != nil {
		return err
	}
	if err := u.repository.CheckType(path, staged); err != nil {
		u.repository.Store.Discard(staged)
		return err
	}
	asset, err := u.repository.Store.Commit(ctx, path, staged, options(path, declared))
	if err != nil {
		return err
	}
	return storeChecksums(ctx, u.repository, asset)
}

func storeChecksums(ctx context.Context, r *content.Repository, asset *content.Asset) error {
	sums := []string{asset.MD5, asset.SHA1, asset.SHA256, asset.SHA512}
	for i, suffix := range checksums {
		path, sum := asset.Path+suffix, sums[i]
		options := content.PutOptions{ContentType: "text/plain", Attributes: parse(path).attributes()}
		if _, err := content.Put(ctx, r.Store, path, strings.NewReader(sum), options); err != nil {
			return err
		}
	}
	return nil
}

func (u upload) pom() string {
	escape := func(text string) string {
		var buffer bytes.Buffer
		xml.EscapeText(&buffer, []byte(text))
		return buffer.String()
	}
	packaging := u.field("packaging")
	if packaging == "" {
		packaging = "jar"
	}
	return xml.Header + "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  <modelVersion>4.0.0</modelVersion>\n" +
		"  <groupId>" + escape(u.group) + "</groupId>\n  <artifactId>" + escape(u.name) + "</artifactId>\n" +
		"  <version>" + escape(u.version) + "</version>\n  <packaging>" + escape(packaging) + "</packaging>\n</project>\n"
}

// updateMetadata writes the metadata of the artifact with all stored versions.
func (u upload) updateMetadata(ctx context.Context) error {
	var versions []string
	prefix := u.folder() + "/"
	err := u.repository.Store.List(prefix, func(asset *content.Asset) bool {
		if found := parse(asset.Path); found != nil && folderOf(folderOf(asset.Path))+"/" == prefix && !slices.Contains(versions, found.version) {
			versions = append(versions, found.version)
		}
		return true
	})
	if err != nil {
		return err
	}
	sort.Slice(versions, func(i, j int) bool { return compareVersions(versions[i], versions[j]) < 0 })
	latest := versions[len(versions)-1]
	text, err := (&metadata{XMLName: xml.Name{Local: "metadata"}, GroupID: u.group, ArtifactID: u.name,
		Versioning: &versioning{Latest: latest, Release: latest, Versions: versions, LastUpdated: time.Now().UTC().Format("20060102150405")}}).write()
	if err != nil {
		return err
	}
	asset, err := content.Put(ctx, u.repository.Store, prefix+metadataFile, bytes.NewReader(text), content.PutOptions{ContentType: "application/xml"})
	if err != nil {
		return err
	}
	return storeChecksums(ctx, u.repository, asset)
}
