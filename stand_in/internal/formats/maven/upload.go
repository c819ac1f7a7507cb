package maven

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/content"
)

// Upload stores the files of a form with their checksums, and updates the metadata of the artifact.
func (Format) Upload(ctx context.Context, r *content.Repository, form *content.UploadForm) error {
	u := upload{repository: r, fields: form.Fields}
	for _, file := range form.Files {
		extension := u.fields[file.Field+".extension"]
		if classifier := u.fields[file.Field+".classifier"]; classifier != "" {
			extension = "-" + classifier + "." + extension
		} else {
			extension = "." + extension
		}
		if err := u.storeFile(ctx, extension, file); err != nil {
			return err
		}
	}
	if u.field("generate-pom") == "true" {
		if err := u.store(ctx, u.path(".pom"), strings.NewReader(u.pom())); err != nil {
			return err
		}
	}
	if isSnapshot(u.path(".pom")) {
		return nil
	}
	return u.updateMetadata(ctx)
}

type upload struct {
	repository *content.Repository
	fields     map[string]string
}

func (u upload) field(name string) string { return u.fields["maven2."+name] }

func (u upload) folder() string {
	return strings.ReplaceAll(u.field("groupId"), ".", "/") + "/" + u.field("artifactId")
}

func (u upload) path(ending string) string {
	return u.folder() + "/" + u.field("version") + "/" + u.field("artifactId") + "-" + u.field("version") + ending
}

func (u upload) storeFile(ctx context.Context, ending string, file content.UploadFile) error {
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	return u.store(ctx, u.path(ending), body)
}

// store stores a file and its checksums.
func (u upload) store(ctx context.Context, path string, body io.Reader) error {
	if err := checkPath(u.repository, path); err != nil {
		return err
	}
	if err := u.repository.CheckWrite(path); err != nil {
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
	asset, err := u.repository.Store.Commit(ctx, path, staged, content.PutOptions{Attributes: parse(path).attributes()})
	if err != nil {
		return err
	}
	return storeChecksums(ctx, u.repository, asset)
}

func storeChecksums(ctx context.Context, r *content.Repository, asset *content.Asset) error {
	for suffix, sum := range map[string]string{".md5": asset.MD5, ".sha1": asset.SHA1, ".sha256": asset.SHA256, ".sha512": asset.SHA512} {
		path := asset.Path + suffix
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
		"  <groupId>" + escape(u.field("groupId")) + "</groupId>\n  <artifactId>" + escape(u.field("artifactId")) + "</artifactId>\n" +
		"  <version>" + escape(u.field("version")) + "</version>\n  <packaging>" + escape(packaging) + "</packaging>\n</project>\n"
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
	text, err := (&metadata{XMLName: xml.Name{Local: "metadata"}, GroupID: u.field("groupId"), ArtifactID: u.field("artifactId"),
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
