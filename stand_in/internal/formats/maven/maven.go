// Package maven is the maven2 format.
package maven

import (
	"cmp"
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
	path, ok := content.CleanPath(r.URL.Path)
	if !ok || strings.HasSuffix(r.URL.Path, "/") {
		content.WriteStatus(w, r, http.StatusNotFound, "There is no file of that name")
		return
	}
	h.disposition(w, r, path)
	content.ServeSource(w, r, h.repository.Source, path)
}

func (h handler) disposition(w http.ResponseWriter, r *http.Request, path string) {
	if !isMetadata(path) {
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
	repository := *h.repository
	if isMetadata(path) && repository.WritePolicy == content.AllowOnce {
		repository.WritePolicy = content.Allow // deploying a second version replaces the metadata
	}
	check := func(staged *content.Staged) error {
		if err := checkMetadata(path, staged); err != nil {
			return err
		}
		if err := checkDigest(path, staged); err != nil && repository.StrictContentTypeValidation {
			return err
		}
		return repository.CheckType(path, staged)
	}
	content.Receive(w, r, &repository, path, content.PutOptions{Attributes: parse(path).attributes()}, check)
}

func (h handler) delete(w http.ResponseWriter, r *http.Request) {
	path, ok := content.CleanPath(r.URL.Path)
	if !ok {
		content.WriteStatus(w, r, http.StatusBadRequest, "There is no file of that name")
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
