package dockerrepo

import (
	"encoding/json"
	"strings"
	"testing"

	"repository-store/nexus-stand-in/internal/content"
)

func TestGroupReadsFromTheFirstMemberThatHasIt(t *testing.T) {
	one, two := newTestHosted(t), newTestHosted(t)
	origin := newUpstream(t, newTestHosted(t))
	first := push(t, serve(t, one), "app:1")
	push(t, serve(t, two), "app:1") // hidden by the first
	second := push(t, serve(t, two), "other:1")
	third := push(t, origin.Server, "app:2")
	server := serve(t, newTestGroup(t, one, newTestGroup(t, two), newTestProxy(t, origin.URL, nil)))

	mustPull(t, server, "app:1", first)
	mustPull(t, server, "app@"+digestOf(t, first), first)
	mustPull(t, server, "other:1", second)
	mustPull(t, server, "app:2", third)

	layer := server.URL + "/v2/app/blobs/" + firstLayer(t, third)
	wantStatus(t, call(t, "HEAD", layer, ""), 200)
	if part := call(t, "GET", layer, "", "Range", "bytes=5-9"); part.status != 206 || len(part.body) != 5 {
		t.Fatalf("range: %d, %d bytes", part.status, len(part.body))
	}
	wantError(t, call(t, "GET", server.URL+"/v2/app/manifests/9", ""), 404, codeManifestUnknown)
	wantError(t, call(t, "GET", server.URL+"/v2/app/blobs/sha256:"+strings.Repeat("1", 64), ""), 404, codeBlobUnknown)
}

func TestGroupSkipsADeadMember(t *testing.T) {
	one := newTestHosted(t)
	image := push(t, serve(t, one), "app:1")
	server := serve(t, newTestGroup(t, newTestProxy(t, "http://127.0.0.1:1", nil), one))
	mustPull(t, server, "app:1", image)
}

func TestGroupMergesTagsAndCatalog(t *testing.T) {
	one, two := newTestHosted(t), newTestHosted(t)
	for _, image := range []string{"app:1", "app:3"} {
		push(t, serve(t, one), image)
	}
	for _, image := range []string{"app:2", "app:3", "other:1"} {
		push(t, serve(t, two), image)
	}
	server := serve(t, newTestGroup(t, one, two))
	if got := call(t, "GET", server.URL+"/v2/_catalog", ""); strings.TrimSpace(got.body) != `{"repositories":["app","other"]}` {
		t.Fatalf("catalog %s", got.body)
	}
	if got := call(t, "GET", server.URL+"/v2/app/tags/list", ""); strings.TrimSpace(got.body) != `{"name":"app","tags":["1","2","3"]}` {
		t.Fatalf("tags %s", got.body)
	}
	page := call(t, "GET", server.URL+"/v2/app/tags/list?n=2", "")
	if !strings.Contains(page.body, `["1","2"]`) || page.header.Get("Link") != `</v2/app/tags/list?last=2&n=2>; rel="next"` {
		t.Fatalf("page %s, link %s", page.body, page.header.Get("Link"))
	}
	if got := call(t, "GET", server.URL+"/v2/app/tags/list?n=2&last=2", ""); !strings.Contains(got.body, `["3"]`) {
		t.Fatalf("last page %s", got.body)
	}
	wantError(t, call(t, "GET", server.URL+"/v2/app/tags/list?n=x", ""), 400, "PAGINATION_NUMBER_INVALID")
	wantError(t, call(t, "GET", server.URL+"/v2/nothing/tags/list", ""), 404, codeNameUnknown)
}

func TestGroupRefusesPushes(t *testing.T) {
	server := serve(t, newTestGroup(t, newTestHosted(t)))
	wantError(t, call(t, "POST", server.URL+"/v2/app/blobs/uploads/", ""), 403, codeDenied)
	wantError(t, call(t, "PUT", server.URL+"/v2/app/manifests/1", "{}"), 403, codeDenied)
}

func TestSearch(t *testing.T) {
	one, two := newTestHosted(t), newTestHosted(t)
	push(t, serve(t, one), "team/app:1")
	push(t, serve(t, two), "team/app:1")
	push(t, serve(t, two), "application:1")
	server := serve(t, newTestGroup(t, one, two))
	wantStatus(t, call(t, "GET", server.URL+"/v1/_ping", ""), 200)
	var found searchAnswer
	if err := json.Unmarshal([]byte(call(t, "GET", server.URL+"/v1/search?q=app&n=1&page=2", "").body), &found); err != nil {
		t.Fatal(err)
	}
	if found.NumResults != 2 || found.NumPages != 2 || len(found.Results) != 1 || found.Results[0].Name != "application" {
		t.Fatalf("found %+v", found)
	}
	repo := settings("quiet", "hosted")
	repo.Section["v1Enabled"] = false
	wantStatus(t, call(t, "GET", serve(t, hostedAt(t, t.TempDir(), repo)).URL+"/v1/search?q=a", ""), 404)
}

func TestProxySearchesTheRemote(t *testing.T) {
	origin := newUpstream(t, newTestHosted(t))
	image := push(t, origin.Server, "team/app:1")
	push(t, origin.Server, "team/apple:1")
	server := serve(t, newTestProxy(t, origin.URL, func(r *content.Repository) { r.Remote.MetadataMaxAge = 0 }))
	if got := call(t, "GET", server.URL+"/v1/search?q=app", ""); !strings.Contains(got.body, `"num_results":2`) {
		t.Fatalf("remote: %s", got.body)
	}
	mustPull(t, server, "team/app:1", image)
	origin.status.Store(500)
	if got := call(t, "GET", server.URL+"/v1/search?q=app", ""); !strings.Contains(got.body, `"num_results":1`) {
		t.Fatalf("cache: %s", got.body)
	}
}
