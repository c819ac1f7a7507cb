package yum

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/google/rpmpack"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/formats/formattest"
)

func TestMain(m *testing.M) {
	for _, tool := range []string{"createrepo_c", "mergerepo_c"} {
		if _, err := exec.LookPath(tool); err != nil {
			fmt.Fprintf(os.Stderr, "%s is needed by these tests: apt-get install createrepo-c\n", tool)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func rpm(t testing.TB, name, version string) []byte {
	t.Helper()
	made, err := rpmpack.NewRPM(rpmpack.RPMMetaData{Name: name, Version: version, Release: "1", Arch: "noarch", Summary: name})
	if err != nil {
		t.Fatal(err)
	}
	made.AddFile(rpmpack.RPMFile{Name: "/opt/" + name, Body: []byte(version), Mode: 0o644})
	var body bytes.Buffer
	if err := made.Write(&body); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

func upload(t *testing.T, lab *formattest.Lab, repository, path, name, version string) {
	t.Helper()
	lab.Want(200, http.MethodPut, lab.URL(repository)+"/"+path, bytes.NewReader(rpm(t, name, version)))
}

// packages reads the metadata as a client does: name-version -> location.
func packages(t *testing.T, lab *formattest.Lab, base string) map[string]string {
	t.Helper()
	var manifest repomd
	if err := xml.Unmarshal([]byte(lab.Want(200, "GET", base+"/repodata/repomd.xml", nil).Body), &manifest); err != nil {
		t.Fatal(err)
	}
	for _, data := range manifest.Data {
		if data.Type == "primary" {
			return primary(t, lab.Want(200, "GET", base+"/"+data.Location.Href, nil).Body)
		}
	}
	t.Fatal("repomd.xml names no primary metadata")
	return nil
}

func primary(t *testing.T, compressed string) map[string]string {
	t.Helper()
	unpacked, err := gzip.NewReader(strings.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Packages []struct {
			Name    string `xml:"name"`
			Version struct {
				Ver string `xml:"ver,attr"`
			} `xml:"version"`
			Location struct {
				Base string `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
				Href string `xml:"href,attr"`
			} `xml:"location"`
		} `xml:"package"`
	}
	body, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, p := range list.Packages {
		if p.Location.Base != "" {
			t.Fatalf("package %s has the base %s", p.Name, p.Location.Base)
		}
		found[p.Name+"-"+p.Version.Ver] = p.Location.Href
	}
	return found
}

func want(t *testing.T, got map[string]string, packages ...string) {
	t.Helper()
	if len(got) != len(packages) {
		t.Fatalf("packages %v, want %v", got, packages)
	}
	for _, name := range packages {
		if got[name] == "" {
			t.Fatalf("packages %v, want %v", got, packages)
		}
	}
}

func TestHosted(t *testing.T) {
	lab := formattest.New(t, Format{})
	repository := lab.Hosted("rpms", content.Allow, map[string]any{"repodataDepth": 0})
	base := lab.URL("rpms")
	lab.Want(404, "GET", base+"/repodata/repomd.xml", nil)

	upload(t, lab, "rpms", "a/one-1.0-1.noarch.rpm", "one", "1.0")
	want(t, packages(t, lab, base), "one-1.0")
	upload(t, lab, "rpms", "b/two-2.0-1.noarch.rpm", "two", "2.0")
	found := packages(t, lab, base)
	want(t, found, "one-1.0", "two-2.0")

	got := lab.Want(200, "GET", base+"/"+found["two-2.0"], nil)
	if got.Body != string(rpm(t, "two", "2.0")) || got.Header.Get("Content-Type") != packageType || got.Header.Get("ETag") == "" {
		t.Fatalf("package of %d bytes, header %v", len(got.Body), got.Header)
	}
	lab.Want(206, "GET", base+"/"+found["two-2.0"], nil, "Range", "bytes=0-9")
	if c := repository.Store.Get("b/two-2.0-1.noarch.rpm").Coordinates; c.Name != "two" || c.Version != "2.0-1" {
		t.Fatalf("coordinates %+v", c)
	}
	lab.Want(204, "DELETE", base+"/a/one-1.0-1.noarch.rpm", nil)
	lab.Want(404, "DELETE", base+"/a/one-1.0-1.noarch.rpm", nil)
	want(t, packages(t, lab, base), "two-2.0")
}

func TestRelativeDataDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("data", 0o755); err != nil {
		t.Fatal(err)
	}
	lab := formattest.NewAt(t, Format{}, "data")
	lab.Hosted("rpms", content.Allow, nil)
	upload(t, lab, "rpms", "a/one.rpm", "one", "1.0")
	want(t, packages(t, lab, lab.URL("rpms")), "one-1.0")
}

func TestRedeployedPackageGetsNewMetadata(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("rpms", content.Allow, nil)
	upload(t, lab, "rpms", "same.rpm", "one", "1.0")
	want(t, packages(t, lab, lab.URL("rpms")), "one-1.0")
	upload(t, lab, "rpms", "same.rpm", "one", "1.1") // same size, perhaps the same second
	want(t, packages(t, lab, lab.URL("rpms")), "one-1.1")
}

func TestOldMetadataIsServedToClientsThatReadTheOldManifest(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("rpms", content.Allow, nil)
	upload(t, lab, "rpms", "one.rpm", "one", "1.0")
	base := lab.URL("rpms")
	var old repomd
	if err := xml.Unmarshal([]byte(lab.Want(200, "GET", base+"/repodata/repomd.xml", nil).Body), &old); err != nil {
		t.Fatal(err)
	}
	upload(t, lab, "rpms", "two.rpm", "two", "1.0")
	lab.Want(200, "GET", base+"/repodata/repomd.xml", nil)
	for _, data := range old.Data {
		lab.Want(200, "GET", base+"/"+data.Location.Href, nil)
	}
}

func TestRepodataDepth(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("rpms", content.Allow, map[string]any{"repodataDepth": 2})
	upload(t, lab, "rpms", "el9/x86_64/Packages/one-1.0-1.noarch.rpm", "one", "1.0")
	upload(t, lab, "rpms", "el9/aarch64/two-1.0-1.noarch.rpm", "two", "1.0")
	base := lab.URL("rpms")
	found := packages(t, lab, base+"/el9/x86_64")
	want(t, found, "one-1.0")
	lab.Want(200, "GET", base+"/el9/x86_64/"+found["one-1.0"], nil)
	want(t, packages(t, lab, base+"/el9/aarch64"), "two-1.0")
	for _, path := range []string{"", "/el9", "/el9/s390x", "/el9/x86_64/Packages"} {
		lab.Want(404, "GET", base+path+"/repodata/repomd.xml", nil)
	}
}

func TestPolicies(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("strict", content.AllowOnce, map[string]any{"deployPolicy": "STRICT"})
	lab.Hosted("permissive", content.Allow, map[string]any{"deployPolicy": "PERMISSIVE"})
	lab.Hosted("closed", content.Deny, nil)
	body := func() io.Reader { return strings.NewReader("text") }
	lab.Want(400, "PUT", lab.URL("strict")+"/readme.txt", body())
	lab.Want(200, "PUT", lab.URL("permissive")+"/readme.txt", body())
	for _, repository := range []string{"strict", "permissive"} {
		lab.Want(400, "PUT", lab.URL(repository)+"/fake.rpm", body())
		lab.Want(400, "PUT", lab.URL(repository)+"/repodata/repomd.xml", body())
		lab.Want(404, "GET", lab.URL(repository)+"/fake.rpm", nil)
	}
	upload(t, lab, "strict", "one.rpm", "one", "1.0")
	lab.Want(400, "PUT", lab.URL("strict")+"/one.rpm", bytes.NewReader(rpm(t, "one", "1.0")))
	lab.Want(400, "PUT", lab.URL("closed")+"/one.rpm", bytes.NewReader(rpm(t, "one", "1.0")))
	lab.Want(400, "DELETE", lab.URL("closed")+"/one.rpm", nil)
}

func TestPackageGroups(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("rpms", content.Allow, nil)
	upload(t, lab, "rpms", "one.rpm", "one", "1.0")
	comps := `<?xml version="1.0"?><comps><group><id>tools</id><name>Tools</name><uservisible>true</uservisible><packagelist><packagereq type="default">one</packagereq></packagelist></group></comps>`
	lab.Want(200, "PUT", lab.URL("rpms")+"/repodata/comps.xml", strings.NewReader(comps))
	if manifest := lab.Want(200, "GET", lab.URL("rpms")+"/repodata/repomd.xml", nil); !strings.Contains(manifest.Body, `type="group"`) {
		t.Fatalf("repomd.xml without groups: %s", manifest.Body)
	}
}

func TestProxyAndGroup(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("origin", content.Allow, nil)
	upload(t, lab, "origin", "far-1.0-1.noarch.rpm", "far", "1.0")
	proxy := lab.Proxy("proxy", lab.URL("origin"))
	near := lab.Hosted("near", content.Allow, nil)
	empty := lab.Hosted("empty", content.Allow, nil)
	dead := lab.Proxy("dead", "http://127.0.0.1:1")
	lab.Group("inner", proxy)
	lab.Group("all", dead, empty, near, proxy)
	base := lab.URL("all")

	want(t, packages(t, lab, lab.URL("proxy")), "far-1.0")
	want(t, packages(t, lab, base), "far-1.0")
	upload(t, lab, "near", "sub/near-1.0-1.noarch.rpm", "near", "1.0")
	upload(t, lab, "near", "far-2.0-1.noarch.rpm", "far", "2.0")
	found := packages(t, lab, base)
	want(t, found, "far-1.0", "far-2.0", "near-1.0")
	for name, location := range found {
		if got := lab.Want(200, "GET", base+"/"+location, nil); len(got.Body) == 0 {
			t.Fatalf("package %s is empty", name)
		}
	}
	upload(t, lab, "origin", "late-1.0-1.noarch.rpm", "late", "1.0")
	want(t, packages(t, lab, base), "far-1.0", "far-2.0", "near-1.0", "late-1.0")
	want(t, packages(t, lab, lab.URL("inner")), "far-1.0", "late-1.0")

	lab.Break("origin") // the proxy still has what is cached
	want(t, packages(t, lab, base), "far-1.0", "far-2.0", "near-1.0", "late-1.0")
	lab.Want(405, "PUT", base+"/x.rpm", strings.NewReader(""))
	lab.Group("nothing", dead)
	lab.Want(502, "GET", lab.URL("nothing")+"/repodata/repomd.xml", nil)
}

func TestParallelUploadsAreAllSeen(t *testing.T) {
	lab := formattest.New(t, Format{})
	lab.Hosted("rpms", content.Allow, nil)
	var all sync.WaitGroup
	for i := range 12 {
		body := rpm(t, fmt.Sprintf("package%d", i), "1.0")
		all.Go(func() {
			lab.Do("PUT", fmt.Sprintf("%s/package%d.rpm", lab.URL("rpms"), i), bytes.NewReader(body))
			lab.Do("GET", lab.URL("rpms")+"/repodata/repomd.xml", nil)
		})
	}
	all.Wait()
	if found := packages(t, lab, lab.URL("rpms")); len(found) != 12 {
		t.Fatalf("%d of 12 packages: %v", len(found), found)
	}
}
