package pypi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/formats/formattest"
)

// form is the form that twine sends; with early, the file comes first.
func form(t testing.TB, early bool, file, body string, fields ...string) (*bytes.Buffer, string) {
	t.Helper()
	var encoded bytes.Buffer
	writer := multipart.NewWriter(&encoded)
	addFile := func() {
		part, err := writer.CreateFormFile("content", file)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(body))
	}
	if early {
		addFile()
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if err := writer.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if !early {
		addFile()
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return &encoded, writer.FormDataContentType()
}

func post(t *testing.T, lab *formattest.Lab, status int, repository, project, version, file, body string, more ...string) formattest.Answer {
	t.Helper()
	fields := append([]string{":action", "file_upload", "name", project, "version", version}, more...)
	encoded, contentType := form(t, false, file, body, fields...)
	return lab.Want(status, "POST", lab.URL(repository)+"/", encoded, "Content-Type", contentType)
}

// files reads the index of a project as pip does: file name -> address.
func files(t *testing.T, lab *formattest.Lab, repository, project string) map[string]link {
	t.Helper()
	page := lab.URL(repository) + "/simple/" + project + "/"
	links, err := readLinks(strings.NewReader(lab.Want(200, "GET", page, nil).Body), page, normalize(project))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]link{}
	for _, one := range links {
		found[one.File()] = one
	}
	return found
}

func wantFile(t *testing.T, lab *formattest.Lab, found map[string]link, file, body string) {
	t.Helper()
	one, ok := found[file]
	if !ok {
		t.Fatalf("%s is not in the index: %v", file, found)
	}
	if got := lab.Want(200, "GET", one.address, nil); got.Body != body {
		t.Fatalf("%s is %q, want %q", file, got.Body, body)
	}
	if want := fmt.Sprintf("sha256=%x", sha256.Sum256([]byte(body))); one.Hash != want {
		t.Fatalf("%s: hash %s, want %s", file, one.Hash, want)
	}
}

func TestUploadAndIndex(t *testing.T) {
	lab := formattest.New(t, Format{})
	repository := lab.Hosted("hosted", content.Allow, nil)
	lab.Want(404, "GET", lab.URL("hosted")+"/simple/my-lib/", nil)
	post(t, lab, 200, "hosted", "My.Lib", "1.0+local.1", "my_lib-1.0+local.1-py3-none-any.whl", "wheel", "requires_python", ">=3.8,<4")
	post(t, lab, 200, "hosted", "My.Lib", "1.0+local.1", "my_lib-1.0+local.1.tar.gz", "source")
	post(t, lab, 200, "hosted", "other", "2", "other-2.zip", "zip")

	found := files(t, lab, "hosted", "My_LIB")
	wantFile(t, lab, found, "my_lib-1.0+local.1-py3-none-any.whl", "wheel")
	wantFile(t, lab, found, "my_lib-1.0+local.1.tar.gz", "source")
	if got := found["my_lib-1.0+local.1-py3-none-any.whl"].RequiresPython; got != ">=3.8,<4" {
		t.Fatalf("requires python %q", got)
	}
	all := lab.Want(200, "GET", lab.URL("hosted")+"/simple/", nil).Body
	if !strings.Contains(all, `<a href="my-lib/">my-lib</a>`) || strings.Count(all, "<a ") != 2 {
		t.Fatalf("projects %s", all)
	}
	asset := repository.Store.Get("packages/my-lib/1.0+local.1/my_lib-1.0+local.1.tar.gz")
	if asset == nil || asset.Coordinates != (content.Coordinates{Name: "my-lib", Version: "1.0+local.1"}) {
		t.Fatalf("asset %+v", asset)
	}
	lab.Want(206, "GET", found["my_lib-1.0+local.1.tar.gz"].address, nil, "Range", "bytes=0-2")
	lab.Want(200, "GET", lab.URL("hosted")+"/simple", nil)       // redirected
	lab.Want(200, "GET", lab.URL("hosted")+"/simple/other", nil) // redirected

	lab.Want(204, "DELETE", found["my_lib-1.0+local.1.tar.gz"].address, nil)
	lab.Want(404, "DELETE", found["my_lib-1.0+local.1.tar.gz"].address, nil)
	if left := files(t, lab, "hosted", "my-lib"); len(left) != 1 {
		t.Fatalf("files %v", left)
	}
}

func TestFieldsMayFollowTheFile(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("hosted", content.Allow, nil)
	encoded, contentType := form(t, true, "lib-1.tar.gz", "source", ":action", "file_upload", "name", "lib", "version", "1")
	lab.Want(200, "POST", lab.URL("hosted")+"/", encoded, "Content-Type", contentType)
	wantFile(t, lab, files(t, lab, "hosted", "lib"), "lib-1.tar.gz", "source")
}

func TestRefusedUploads(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("once", content.AllowOnce, nil)
	lab.Hosted("closed", content.Deny, nil)
	post(t, lab, 200, "once", "lib", "1", "lib-1.tar.gz", "source")
	if again := post(t, lab, 400, "once", "lib", "1", "lib-1.tar.gz", "source"); !strings.Contains(again.Body, "updating asset") {
		t.Fatalf("upload tools do not understand %q", again.Body)
	}
	post(t, lab, 400, "closed", "lib", "1", "lib-1.tar.gz", "source")
	post(t, lab, 400, "once", "lib", "2", "lib-2.txt", "text")
	post(t, lab, 400, "once", "../lib", "2", "lib-2.tar.gz", "text")
	post(t, lab, 400, "once", "lib", "../2", "lib-2.tar.gz", "text")
	post(t, lab, 400, "once", "lib", "2", "lib-2.tar.gz", "text", "sha256_digest", "00")
	lab.Want(400, "POST", lab.URL("once")+"/", strings.NewReader("text"))
	encoded, contentType := form(t, false, "lib-3.tar.gz", strings.Repeat("x", 10000), "name", "lib", "version", "3")
	encoded.Truncate(5000)
	lab.Want(400, "POST", lab.URL("once")+"/", encoded, "Content-Type", contentType)
	if left := files(t, lab, "once", "lib"); len(left) != 1 {
		t.Fatalf("files %v", left)
	}
}

func TestProxyAndGroup(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("origin", content.Allow, nil)
	post(t, lab, 200, "origin", "far", "1", "far-1.tar.gz", "far", "requires_python", ">=3")
	post(t, lab, 200, "origin", "both", "1", "both-1.tar.gz", "theirs")
	near := lab.Hosted("near", content.Allow, nil)
	post(t, lab, 200, "near", "both", "1", "both-1.tar.gz", "ours")
	post(t, lab, 200, "near", "both", "2", "both-2.tar.gz", "new")
	proxy := lab.Proxy("proxy", lab.URL("origin"))
	dead := lab.Proxy("dead", "http://127.0.0.1:1")
	lab.Group("all", dead, near, lab.Group("inner", proxy))

	for _, repository := range []string{"proxy", "all"} {
		found := files(t, lab, repository, "far")
		wantFile(t, lab, found, "far-1.tar.gz", "far")
		if one := found["far-1.tar.gz"]; one.RequiresPython != ">=3" || !strings.HasPrefix(one.address, lab.URL(repository)+"/packages/far/1/") {
			t.Fatalf("link %+v", one)
		}
	}
	both := files(t, lab, "all", "both")
	wantFile(t, lab, both, "both-1.tar.gz", "ours")
	wantFile(t, lab, both, "both-2.tar.gz", "new")
	if all := lab.Want(200, "GET", lab.URL("all")+"/simple/", nil).Body; strings.Count(all, "<a ") != 2 {
		t.Fatalf("projects %s", all)
	}
	lab.Want(404, "GET", lab.URL("proxy")+"/simple/none/", nil)
	lab.Want(502, "GET", lab.URL("dead")+"/simple/none/", nil)
	lab.Want(404, "GET", lab.URL("proxy")+"/packages/far/1/far-9.tar.gz", nil)
	encoded, contentType := form(t, false, "x-1.tar.gz", "x", "name", "x", "version", "1")
	lab.Want(405, "POST", lab.URL("all")+"/", encoded, "Content-Type", contentType)

	lab.Break("origin") // the proxy still has what is cached
	lab.Want(200, "GET", lab.URL("proxy")+"/packages/far/1/far-1.tar.gz", nil)
	if got := files(t, lab, "proxy", "far"); len(got) != 1 {
		t.Fatalf("files %v", got)
	}
}

func TestProxyOfAnIndexWhoseFilesAreElsewhere(t *testing.T) {
	lab := formattest.New(t, Format{})
	store := formattest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) }))
	remote := formattest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/pypi/index/lib-x/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `<html><a href="%s/a/b/lib_x-1.0-py3-none-any.whl#sha256=00" data-yanked="bad &amp; old">lib_x-1.0-py3-none-any.whl</a>
			<a href="%s/c/lib-x-2.0.tar.gz">s</a><a href="%s/c/lib-x-2.0.rpm">gone</a></html>`, store, store, store)
	}))
	proxy := lab.Proxy("proxy", remote+"/pypi")
	proxy.Section = map[string]any{"indexPath": "index"}
	found := files(t, lab, "proxy", "lib.x")
	if len(found) != 2 || found["lib_x-1.0-py3-none-any.whl"].Yanked == nil || *found["lib_x-1.0-py3-none-any.whl"].Yanked != "bad & old" {
		t.Fatalf("files %+v", found)
	}
	for file, body := range map[string]string{"lib_x-1.0-py3-none-any.whl": "/a/b/lib_x-1.0-py3-none-any.whl", "lib-x-2.0.tar.gz": "/c/lib-x-2.0.tar.gz"} {
		if got := lab.Want(200, "GET", found[file].address, nil); got.Body != body {
			t.Fatalf("%s came from %s", file, got.Body)
		}
	}
}

func TestUploadForm(t *testing.T) {
	lab := formattest.New(t, Format{})
	repository := lab.Hosted("hosted", content.AllowOnce, nil)
	uploadForm := func(file string) *content.UploadForm {
		encoded, contentType := form(t, false, file, "source")
		_, boundary, _ := strings.Cut(contentType, "boundary=")
		read, err := multipart.NewReader(encoded, boundary).ReadForm(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		return &content.UploadForm{Files: []content.UploadFile{{Field: "pypi.asset", FileHeader: read.File["content"][0]}}}
	}
	if err := (Format{}).Upload(context.Background(), repository, uploadForm("my-lib-1.0.tar.gz")); err != nil {
		t.Fatal(err)
	}
	wantFile(t, lab, files(t, lab, "hosted", "my-lib"), "my-lib-1.0.tar.gz", "source")
	for _, file := range []string{"my-lib-1.0.tar.gz", "readme.txt"} {
		if err := (Format{}).Upload(context.Background(), repository, uploadForm(file)); content.Status(err) != 400 {
			t.Fatalf("%s: %v", file, err)
		}
	}
}

func TestNames(t *testing.T) {
	for file, want := range map[string]string{
		"a_b-1.0-1-py3-none-any.whl": "1.0", "a-b-1.0.tar.gz": "1.0", "A.B-1.0rc1.zip": "1.0rc1", "a_b-1.0.post1-py3.8.egg": "1.0.post1",
		"a-b-1.0-2.tar.gz": "1.0-2",
	} {
		if got := versionOf("a-b", file); got != want {
			t.Errorf("version of %s: %s, want %s", file, got, want)
		}
	}
}
