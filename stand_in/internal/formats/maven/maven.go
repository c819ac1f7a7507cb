// Package maven is the maven2 format.
package maven

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

// Format implements content.Format and content.Uploader.
type Format struct{}

// Source opens stored files, the content of the remote, or the content of the members with maven-metadata.xml merged.
func (Format) Source(r *content.Repository) content.Source {
	switch r.Type {
	case content.Proxy:
		return content.ProxySource{Proxy: r, Metadata: isMetadata, Check: func(path string, staged *content.Staged, _ string) error {
			return r.CheckType(path, staged)
		}, Attributes: func(path string) map[string]string { return parse(path).attributes() }}
	case content.Group:
		return groupSource{group: r}
	}
	return content.StoreSource{Store: r.Store}
}

// Coordinates are those of the Maven layout; other files belong to no component.
func (Format) Coordinates(path string) content.Coordinates { return parse(path).coordinates() }

// Handler serves reads, and writes to hosted repositories.
func (Format) Handler(r *content.Repository) http.Handler {
	h := handler{r}
	if r.Type != content.Hosted {
		return content.Methods{Get: h.get}
	}
	methods := content.Methods{Get: h.get, Put: h.put, Delete: h.delete}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, _ := content.CleanPath(r.URL.Path)
		err := checkVersion(h.repository, path)
		switch {
		case path == catalogFile:
			content.Methods{Get: h.get}.ServeHTTP(w, r)
		case err == nil:
			methods.ServeHTTP(w, r)
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			h.disposition(w, r, path)
			content.WriteStatus(w, r, http.StatusNotFound, err.Error())
		default:
			content.WriteError(w, r, err)
		}
	})
}

type handler struct{ repository *content.Repository }

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	path, _ := content.CleanPath(r.URL.Path)
	if strings.HasSuffix(r.URL.Path, "/") {
		h.folder(w, r)
		return
	}
	if path == catalogFile && h.repository.Type == content.Proxy {
		content.ServeSource(w, r, h.repository.Source, path)
		return
	}
	if path == catalogFile {
		if err := h.makeCatalog(r.Context()); err != nil {
			content.WriteStatus(w, r, http.StatusNotImplemented, err.Error())
			return
		}
	}
	h.disposition(w, r, path)
	source := h.repository.Source
	if path == catalogFile {
		source = content.StoreSource{Store: h.repository.Store}
	}
	opened, err := source.Open(r.Context(), path)
	if err != nil {
		content.WriteError(w, r, err)
		return
	}
	defer opened.Close()
	if isMetadata(path) {
		content.ServeWhole(w, r, opened)
		return
	}
	content.Serve(w, r, opened)
}

const (
	catalogFile  = "archetype-catalog.xml"
	emptyCatalog = `<?xml version="1.0" encoding="UTF-8"?>
<archetype-catalog xsi:schemaLocation="http://maven.apache.org/plugins/maven-archetype-plugin/archetype-catalog/1.0.0 http://maven.apache.org/xsd/archetype-catalog-1.0.0.xsd"
    xmlns="http://maven.apache.org/plugins/maven-archetype-plugin/archetype-catalog/1.0.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" />
`
)

// makeCatalog stores the catalog of a repository without archetypes; others have none here.
func (h handler) makeCatalog(ctx context.Context) error {
	archetypes := false
	members := []*content.Repository{h.repository}
	if h.repository.Type == content.Group {
		members = h.repository.Members()
	}
	for _, member := range members {
		err := member.Store.List("", func(asset *content.Asset) bool {
			archetypes = archetypes || strings.Contains(asset.Path, "archetype") && strings.HasSuffix(asset.Path, ".pom")
			return !archetypes
		})
		if err != nil {
			return err
		}
	}
	if archetypes {
		return errors.New("this stand-in lists no archetypes")
	}
	if h.repository.Store.Get(catalogFile) != nil {
		return nil
	}
	asset, err := content.Put(ctx, h.repository.Store, catalogFile, strings.NewReader(emptyCatalog), content.PutOptions{ContentType: "application/xml"})
	if err != nil {
		return err
	}
	return storeChecksums(ctx, h.repository, asset)
}

// folder answers a GET of a folder with a page that says where to look.
func (h handler) folder(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		content.WriteStatus(w, r, http.StatusNotFound, "There is no file of that name")
		return
	}
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, "\n<!DOCTYPE html>\n<html lang=\"en\">\n<body>This maven2 %s repository is not directly browseable at this URL.</body>\n</html>\n", h.repository.Type)
}

func (h handler) disposition(w http.ResponseWriter, r *http.Request, path string) {
	if !isMetadata(path) && path != catalogFile && !strings.HasPrefix(path, ".index/") {
		content.Disposition(w, r, cmp.Or(h.repository.Text("contentDisposition"), "INLINE"))
	}
}

func (h handler) put(w http.ResponseWriter, r *http.Request) {
	path, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusBadRequest, "There is no file of that name")
		return
	}
	if err := checkPath(h.repository, path); err != nil {
		content.WriteError(w, r, err)
		return
	}
	repository := replacing(h.repository, path)
	declared := r.Header.Get("Content-Type")
	check := func(staged *content.Staged) error {
		if err := content.CheckDeclared(declared); err != nil {
			return err
		}
		if err := checkMetadata(path, staged); err != nil {
			return err
		}
		if err := checkDigest(path, staged); err != nil && repository.StrictContentTypeValidation {
			return err
		}
		return repository.CheckType(path, staged)
	}
	content.Receive(w, r, repository, path, options(path, declared), check)
}

// replacing is a repository in which metadata, checksums and signatures can be replaced, as long as anything can be stored.
func replacing(r *content.Repository, path string) *content.Repository {
	_, suffix := withoutSuffix(path)
	if r.WritePolicy != content.AllowOnce || suffix == "" && !isMetadata(path) {
		return r
	}
	copied := *r
	copied.WritePolicy = content.Allow
	return &copied
}

// options are those of a stored file; a checksum has the content type that the client declares.
func options(file, declared string) content.PutOptions {
	made := content.PutOptions{Declared: declared, Attributes: parse(file).attributes()}
	if slices.Contains(checksums, path.Ext(file)) {
		made.ContentType = cmp.Or(declared, "application/octet-stream")
	}
	return made
}

func (h handler) delete(w http.ResponseWriter, r *http.Request) {
	path, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusNotFound, "There is no file of that name")
		return
	}
	content.Remove(w, r, h.repository, path)
}

// checkPath applies the layout and version policies.
func checkPath(r *content.Repository, path string) error {
	known := parse(path) != nil || isMetadata(path)
	if !known && r.Text("layoutPolicy") == "STRICT" {
		return fmt.Errorf("%w: %s is no path of the Maven layout", content.ErrInvalid, path)
	}
	return checkVersion(r, path)
}

// checkVersion applies the version policy, which the server checks first.
func checkVersion(r *content.Repository, path string) error {
	if parse(path) == nil && !isMetadata(path) || isMetadata(path) && !isSnapshot(path) {
		return nil
	}
	policy := r.Text("versionPolicy")
	if policy == "RELEASE" && isSnapshot(path) || policy == "SNAPSHOT" && !isSnapshot(path) {
		return fmt.Errorf("%w: version policy %s does not allow %s", content.ErrInvalid, policy, path)
	}
	return nil
}

// checkMetadata rejects an invalid maven-metadata.xml, and one of another artifact.
func checkMetadata(file string, staged *content.Staged) error {
	if path.Base(file) != metadataFile {
		return nil
	}
	opened, err := os.Open(staged.File)
	if err != nil {
		return err
	}
	defer opened.Close()
	found, err := readMetadata(opened)
	if err != nil {
		return fmt.Errorf("%w: Metadata at path %s is not a valid maven-metadata.xml", content.ErrInvalid, file)
	}
	if expected := found.path(); found.GroupID != "" && expected != file {
		return fmt.Errorf("%w: maven-metadata.xml of %s does not match request path %s", content.ErrInvalid, expected, file)
	}
	return nil
}

var digest = regexp.MustCompile(`(?i)^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$`)

// checkDigest rejects an invalid checksum. A file name before or after it and spaces in it are allowed.
func checkDigest(file string, staged *content.Staged) error {
	if !slices.Contains(checksums, path.Ext(file)) {
		return nil
	}
	text, err := os.ReadFile(staged.File)
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(text[:min(len(text), 128)]), "\n")
	line = strings.TrimSpace(line)
	candidates := []string{line, line[:max(strings.LastIndex(line, " "), 0)]}
	if at := strings.IndexAny(line, "=:"); at >= 0 {
		candidates = append(candidates, line[at+1:])
	} else {
		first, _, _ := strings.Cut(line, " ")
		candidates = append(candidates, first)
	}
	for _, candidate := range candidates {
		if digest.MatchString(strings.ReplaceAll(candidate, " ", "")) {
			return nil
		}
	}
	return fmt.Errorf("%w: Not a Maven2 digest: %s", content.ErrInvalid, file)
}
