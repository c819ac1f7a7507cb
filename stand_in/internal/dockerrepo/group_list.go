package dockerrepo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// recorder buffers the list of a member in memory.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *recorder) Header() http.Header { return c.header }

func (c *recorder) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

func (c *recorder) Write(body []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(body)
}

// listMember decodes one page of a member into into; ok is false if the member has no list.
func listMember(r *http.Request, member Handler, query string, into any) (next string, ok bool) {
	request := r.Clone(r.Context())
	request.Method = http.MethodGet
	request.URL.RawQuery, request.RequestURI = query, ""
	answer := &recorder{header: http.Header{}}
	member.ServeHTTP(answer, request)
	if answer.status != http.StatusOK || json.Unmarshal(answer.body.Bytes(), into) != nil {
		return "", false
	}
	next, _ = nextPage(answer.header)
	return next, true
}

// gather merges all pages of all members; it returns false if no member has the list.
func (g *group) gather(r *http.Request, firstQuery string, page func() (into any, entries func() []string)) ([]string, bool) {
	found, known := false, map[string]bool{}
	for _, member := range g.members() {
		for query, more := firstQuery, true; more; {
			into, entries := page()
			next, ok := listMember(r, member, query, into)
			found = found || ok
			if ok {
				for _, entry := range entries() {
					known[entry] = true
				}
			}
			more = ok && next != "" && next != query
			query = next
		}
	}
	all := make([]string, 0, len(known))
	for entry := range known {
		all = append(all, entry)
	}
	sort.Strings(all)
	return all, found
}

func (g *group) serveCatalog(w http.ResponseWriter, r *http.Request) {
	all, _ := g.gather(r, fmt.Sprintf("n=%d", maxCatalog), func() (any, func() []string) {
		var page struct {
			Repositories []string `json:"repositories"`
		}
		return &page, func() []string { return page.Repositories }
	})
	if page, ok := paginate(w, r, all); ok {
		writeJSON(w, http.StatusOK, map[string]any{"repositories": page})
	}
}

func (g *group) serveTags(w http.ResponseWriter, r *http.Request, route route) {
	all, found := g.gather(r, "", func() (any, func() []string) {
		var page struct {
			Tags []string `json:"tags"`
		}
		return &page, func() []string { return page.Tags }
	})
	if !found {
		notFound(route).serve(w)
		return
	}
	if page, ok := paginate(w, r, all); ok {
		writeJSON(w, http.StatusOK, map[string]any{"name": route.name, "tags": page})
	}
}

// paginate returns the page of a sorted list that the parameters n and last select, and sets the Link to the next page.
func paginate(w http.ResponseWriter, r *http.Request, all []string) (page []string, ok bool) {
	query := r.URL.Query()
	if last := query.Get("last"); last != "" {
		at, found := slices.BinarySearch(all, last)
		if found {
			at++
		}
		all = all[at:]
	}
	if !query.Has("n") {
		return all, true
	}
	size, err := strconv.Atoi(query.Get("n"))
	if err != nil || size < 0 {
		writeError(w, http.StatusBadRequest, "PAGINATION_NUMBER_INVALID",
			fmt.Sprintf("parameter n is %q, it must be a number that is not negative", query.Get("n")))
		return nil, false
	}
	if size >= len(all) {
		return all, true
	}
	if size > 0 {
		next := url.Values{"n": {strconv.Itoa(size)}, "last": {all[size-1]}}
		w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.Path, next.Encode()))
	}
	return all[:size], true
}

// serveReferrers merges the indexes of the members with the referrers API; on 404 clients fall back to tags.
func (g *group) serveReferrers(w http.ResponseWriter, r *http.Request, route route) {
	var merged *v1.Index
	known := map[string]bool{}
	for _, member := range g.members() {
		var index v1.Index
		if _, ok := listMember(r, member, r.URL.RawQuery, &index); !ok {
			continue
		}
		if merged == nil {
			merged = &v1.Index{Versioned: index.Versioned, MediaType: v1.MediaTypeImageIndex, Manifests: []v1.Descriptor{}}
		}
		for _, descriptor := range index.Manifests {
			if !known[descriptor.Digest.String()] {
				known[descriptor.Digest.String()] = true
				merged.Manifests = append(merged.Manifests, descriptor)
			}
		}
	}
	if merged == nil {
		notFound(route).serve(w)
		return
	}
	w.Header().Set("Content-Type", v1.MediaTypeImageIndex)
	_ = json.NewEncoder(w).Encode(merged) // fails only if the client is gone
}
