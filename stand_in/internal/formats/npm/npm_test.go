package npm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/formats/formattest"
)

func archive(t testing.TB, name, version string) []byte {
	t.Helper()
	var body bytes.Buffer
	zipped := gzip.NewWriter(&body)
	packed := tar.NewWriter(zipped)
	manifest := fmt.Sprintf(`{"name":%q,"version":%q,"description":"a test","keywords":["lab"]}`, name, version)
	header := &tar.Header{Name: "package/package.json", Mode: 0o644, Size: int64(len(manifest))}
	if err := packed.WriteHeader(header); err != nil {
		t.Fatal(err)
	}
	if _, err := packed.Write([]byte(manifest)); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

// publicationOf is the body that npm publish sends.
func publicationOf(name, version, tag string, body []byte) string {
	_, bare := splitScope(name)
	sum := sha1.Sum(body)
	document := map[string]any{
		"_id": name, "name": name, "description": "a test", "dist-tags": map[string]string{tag: version},
		"versions": map[string]any{version: map[string]any{
			"name": name, "version": version, "keywords": []string{"lab"}, "dependencies": map[string]string{"data": "1.0.0"},
			"dist": map[string]string{"shasum": hex.EncodeToString(sum[:]), "tarball": "http://elsewhere/" + name + "/-/" + bare + "-" + version + ".tgz"},
		}},
		"_attachments": map[string]any{name + "-" + version + ".tgz": map[string]any{
			"content_type": "application/octet-stream", "data": base64.StdEncoding.EncodeToString(body), "length": len(body),
		}},
	}
	text, _ := json.Marshal(document)
	return strings.ReplaceAll(string(text), "/", `\/`) // as some clients do
}

func publish(t *testing.T, lab *formattest.Lab, status int, repository, name, version, tag string) {
	t.Helper()
	lab.Want(status, "PUT", lab.URL(repository)+"/"+strings.Replace(name, "/", "%2f", 1),
		strings.NewReader(publicationOf(name, version, tag, archive(t, name, version))))
}

func read(t *testing.T, lab *formattest.Lab, repository, name string) *document {
	t.Helper()
	d, err := parseDocument(name, []byte(lab.Want(200, "GET", lab.URL(repository)+"/"+name, nil).Body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func address(t *testing.T, version json.RawMessage) string {
	t.Helper()
	var d distribution
	if err := json.Unmarshal(version, &d); err != nil {
		t.Fatal(err)
	}
	return d.Dist.Tarball
}

func wantVersions(t *testing.T, d *document, latest string, versions ...string) {
	t.Helper()
	if len(d.Versions) != len(versions) || d.Tags["latest"] != latest {
		t.Fatalf("versions %d, tags %v; want %v, latest %s", len(d.Versions), d.Tags, versions, latest)
	}
	for _, version := range versions {
		if d.Versions[version] == nil {
			t.Fatalf("version %s is missing", version)
		}
	}
}

func TestPublishAndRead(t *testing.T) {
	for _, name := range []string{"plain", "@scope/scoped"} {
		t.Run(name, func(t *testing.T) {
			lab := formattest.New(t, Format{})
			repository := lab.Hosted("npm-hosted", content.Allow, nil)
			publish(t, lab, 200, "npm-hosted", name, "1.0.0", "latest")
			publish(t, lab, 200, "npm-hosted", name, "2.0.0-rc.1", "next")
			d := read(t, lab, "npm-hosted", name)
			wantVersions(t, d, "1.0.0", "1.0.0", "2.0.0-rc.1")
			tarball := address(t, d.Versions["1.0.0"])
			_, bare := splitScope(name)
			if tarball != lab.URL("npm-hosted")+"/"+name+"/-/"+bare+"-1.0.0.tgz" {
				t.Fatalf("archive address %s", tarball)
			}
			if got := lab.Want(200, "GET", tarball, nil); got.Body != string(archive(t, name, "1.0.0")) {
				t.Fatal("the archive is another")
			}
			lab.Want(206, "GET", tarball, nil, "Range", "bytes=0-9")
			scope, bare := splitScope(name)
			asset := repository.Store.Get(archivePath(name, bare+"-1.0.0.tgz"))
			if want := (content.Coordinates{Group: scope, Name: bare, Version: "1.0.0"}); asset.Coordinates != want || (Format{}).Coordinates(asset.Path) != want {
				t.Fatalf("coordinates %+v", asset.Coordinates)
			}
			one := lab.Want(200, "GET", lab.URL("npm-hosted")+"/"+name+"/next", nil)
			if !strings.Contains(one.Body, `"version":"2.0.0-rc.1"`) || !strings.Contains(one.Body, lab.URL("npm-hosted")) {
				t.Fatalf("version document %s", one.Body)
			}
		})
	}
}

func TestForwardedAddress(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("npm-hosted", content.Allow, nil)
	publish(t, lab, 200, "npm-hosted", "plain", "1.0.0", "latest")
	got := lab.Want(200, "GET", lab.URL("npm-hosted")+"/plain", nil, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "store.test")
	if !strings.Contains(got.Body, `"tarball":"https://store.test/repository/npm-hosted/plain/-/plain-1.0.0.tgz"`) {
		t.Fatalf("document %s", got.Body)
	}
}

func TestRefusedPublications(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("once", content.AllowOnce, nil)
	lab.Hosted("closed", content.Deny, nil)
	publish(t, lab, 200, "once", "plain", "1.0.0", "latest")
	publish(t, lab, 400, "once", "plain", "1.0.0", "latest")
	publish(t, lab, 200, "once", "plain", "1.1.0", "latest")
	publish(t, lab, 400, "closed", "plain", "1.0.0", "latest")

	good := publicationOf("other", "1.0.0", "latest", archive(t, "other", "1.0.0"))
	for reason, body := range map[string]string{
		"another name":   strings.ReplaceAll(good, `"name":"other"`, `"name":"wrong"`),
		"wrong checksum": strings.ReplaceAll(good, `"shasum":"`, `"shasum":"0`),
		"no archive":     strings.ReplaceAll(good, `other-1.0.0.tgz":{`, `other-9.tgz":{`),
		"bad base64":     strings.Replace(good, `"data":"`, `"data":"!`, 1),
		"not JSON":       "text",
		"half of it":     good[:len(good)/2],
	} {
		if got := lab.Do("PUT", lab.URL("once")+"/other", strings.NewReader(body)); got.Status != 400 {
			t.Errorf("%s: status %d %s", reason, got.Status, got.Body)
		}
		lab.Want(404, "GET", lab.URL("once")+"/other", nil)
	}
}

func TestTags(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("npm-hosted", content.Allow, nil)
	publish(t, lab, 200, "npm-hosted", "@s/p", "1.0.0", "latest")
	tags := lab.URL("npm-hosted") + "/-/package/@s%2fp/dist-tags"
	lab.Want(200, "PUT", tags+"/stable", strings.NewReader(`"1.0.0"`))
	lab.Want(404, "PUT", tags+"/stable", strings.NewReader(`"9.0.0"`))
	if got := lab.Want(200, "GET", tags, nil); strings.TrimSpace(got.Body) != `{"latest":"1.0.0","stable":"1.0.0"}` {
		t.Fatalf("tags %s", got.Body)
	}
	lab.Want(200, "DELETE", tags+"/stable", nil)
	lab.Want(404, "DELETE", tags+"/stable", nil)
	lab.Want(400, "DELETE", tags+"/latest", nil)
}

func TestUnpublishAndDeprecate(t *testing.T) {
	lab := formattest.New(t, Format{})
	repository := lab.Hosted("npm-hosted", content.Allow, nil)
	for _, version := range []string{"1.0.0", "1.1.0", "1.2.0"} {
		publish(t, lab, 200, "npm-hosted", "p", version, "latest")
	}
	base := lab.URL("npm-hosted") + "/p"
	deprecated := strings.Replace(lab.Want(200, "GET", base, nil).Body, `"version":"1.0.0"`, `"version":"1.0.0","deprecated":"old"`, 1)
	lab.Want(200, "PUT", base, strings.NewReader(deprecated))
	if got := lab.Want(200, "GET", base, nil); !strings.Contains(got.Body, `"deprecated":"old"`) {
		t.Fatal("not deprecated")
	}
	d := read(t, lab, "npm-hosted", "p")
	d.drop("1.2.0")
	remaining, _ := json.Marshal(d)
	lab.Want(200, "PUT", base+"/-rev/1", bytes.NewReader(remaining))
	lab.Want(200, "DELETE", base+"/-/p-1.2.0.tgz/-rev/1", nil)
	wantVersions(t, read(t, lab, "npm-hosted", "p"), "1.1.0", "1.0.0", "1.1.0")

	if _, err := repository.Store.Delete("p/-/p-1.1.0.tgz"); err != nil { // as REST does
		t.Fatal(err)
	}
	wantVersions(t, read(t, lab, "npm-hosted", "p"), "1.0.0", "1.0.0")
	lab.Want(200, "DELETE", base+"/-rev/1", nil)
	lab.Want(404, "GET", base, nil)
	lab.Want(404, "GET", base+"/-/p-1.0.0.tgz", nil)
}

func TestProxyAndGroup(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("origin", content.Allow, nil)
	publish(t, lab, 200, "origin", "far", "1.0.0", "latest")
	publish(t, lab, 200, "origin", "both", "1.0.0", "latest")
	publish(t, lab, 200, "origin", "both", "3.0.0", "latest")
	near := lab.Hosted("near", content.Allow, nil)
	publish(t, lab, 200, "near", "both", "2.0.0", "latest")
	proxy := lab.Proxy("proxy", lab.URL("origin"))
	dead := lab.Proxy("dead", "http://127.0.0.1:1")
	lab.Group("all", dead, near, lab.Group("inner", proxy))

	for _, repository := range []string{"proxy", "all"} {
		tarball := address(t, read(t, lab, repository, "far").Versions["1.0.0"])
		if !strings.HasPrefix(tarball, lab.URL(repository)+"/") {
			t.Fatalf("archive address %s", tarball)
		}
		if got := lab.Want(200, "GET", tarball, nil); got.Body != string(archive(t, "far", "1.0.0")) {
			t.Fatal("the archive is another")
		}
	}
	both := read(t, lab, "all", "both")
	wantVersions(t, both, "3.0.0", "1.0.0", "2.0.0", "3.0.0")
	for version, body := range both.Versions {
		if got := lab.Want(200, "GET", address(t, body), nil); got.Body != string(archive(t, "both", version)) {
			t.Fatalf("archive of %s is another", version)
		}
	}
	lab.Want(404, "GET", lab.URL("proxy")+"/none", nil)
	lab.Want(405, "PUT", lab.URL("all")+"/far", strings.NewReader("{}"))

	lab.Break("origin") // the proxy still has what is cached
	read(t, lab, "proxy", "far")
	lab.Want(200, "GET", lab.URL("proxy")+"/far/-/far-1.0.0.tgz", nil)
}

func TestProxyFollowsArchiveAddressesElsewhere(t *testing.T) {
	lab := formattest.New(t, Format{})
	store := lab.Hosted("store", content.Allow, nil)
	publish(t, lab, 200, "store", "p", "1.0.0", "latest")
	remote := http.NewServeMux()
	remote.HandleFunc("/p", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"name":"p","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"dist":{"tarball":%q}}}}`, lab.URL(store.Name)+"/p/-/p-1.0.0.tgz")
	})
	lab.Proxy("proxy", formattest.Serve(t, remote))
	read(t, lab, "proxy", "p")
	lab.Want(200, "GET", lab.URL("proxy")+"/p/-/p-1.0.0.tgz", nil)
}

func TestSearch(t *testing.T) {
	lab := formattest.New(t, Format{})
	one := lab.Hosted("one", content.Allow, nil)
	lab.Hosted("two", content.Allow, nil)
	publish(t, lab, 200, "one", "alpha", "1.0.0", "latest")
	publish(t, lab, 200, "two", "alpha", "2.0.0", "latest")
	publish(t, lab, 200, "two", "beta", "1.0.0", "latest")
	lab.Group("all", one, lab.Proxy("proxy", lab.URL("two")))
	var answer searchAnswer
	search := func(query string) {
		t.Helper()
		if err := json.Unmarshal([]byte(lab.Want(200, "GET", lab.URL("all")+"/-/v1/search?"+query, nil).Body), &answer); err != nil {
			t.Fatal(err)
		}
	}
	if search("text=lab"); answer.Total != 2 {
		t.Fatalf("by keyword: %+v", answer)
	}
	if search("text=BET"); answer.Total != 1 || !strings.Contains(string(answer.Objects[0]), `"name":"beta"`) {
		t.Fatalf("by name: %+v", answer)
	}
	if search("text=lab&size=1&from=1"); len(answer.Objects) != 1 {
		t.Fatalf("page: %+v", answer)
	}
}

func TestUploadForm(t *testing.T) {
	lab := formattest.New(t, Format{})
	repository := lab.Hosted("npm-hosted", content.AllowOnce, nil)
	form := formOf(t, archive(t, "@s/p", "1.0.0"))
	if err := (Format{}).Upload(context.Background(), repository, form); err != nil {
		t.Fatal(err)
	}
	d := read(t, lab, "npm-hosted", "@s/p")
	wantVersions(t, d, "1.0.0", "1.0.0")
	lab.Want(200, "GET", address(t, d.Versions["1.0.0"]), nil)
	if err := (Format{}).Upload(context.Background(), repository, form); content.Status(err) != 400 {
		t.Fatalf("the same version again: %v", err)
	}
	if err := (Format{}).Upload(context.Background(), repository, formOf(t, []byte("text"))); content.Status(err) != 400 {
		t.Fatalf("text as archive: %v", err)
	}
}

func formOf(t *testing.T, body []byte) *content.UploadForm {
	t.Helper()
	var encoded bytes.Buffer
	writer := multipart.NewWriter(&encoded)
	part, _ := writer.CreateFormFile("npm.asset", "p.tgz")
	_, _ = part.Write(body)
	writer.Close()
	form, err := multipart.NewReader(&encoded, writer.Boundary()).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return &content.UploadForm{Files: []content.UploadFile{{Field: "npm.asset", FileHeader: form.File["npm.asset"][0]}}}
}

func TestParallelPublicationsAreAllKept(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("npm-hosted", content.AllowOnce, nil)
	var all sync.WaitGroup
	for i := range 10 {
		version := fmt.Sprintf("1.%d.0", i)
		body := publicationOf("p", version, "latest", archive(t, "p", version))
		all.Go(func() { lab.Do("PUT", lab.URL("npm-hosted")+"/p", strings.NewReader(body)) })
	}
	all.Wait()
	if d := read(t, lab, "npm-hosted", "p"); len(d.Versions) != 10 {
		t.Fatalf("%d of 10 versions", len(d.Versions))
	}
}
