package dockerrepo

import (
	"context"
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
)

type group struct {
	repo    *content.Repository
	members func() []Handler
}

// NewGroup serves the content of its members, in their order.
func NewGroup(repo *content.Repository, members func() []Handler) (Handler, error) {
	return &group{repo: repo, members: members}, nil
}

func (g *group) Close() error { return nil }

func (g *group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := routeOf(r)
	switch {
	case route.version1():
		serveV1(w, r, route, g.repo, g.search)
	case !isRead(r) || route.kind == kindUpload:
		writeError(w, http.StatusForbidden, codeDenied, "repository "+g.repo.Name+" is a group: pushing to a group needs the Pro edition, push to a hosted repository")
	case route.kind == kindBase:
		writeJSON(w, http.StatusOK, struct{}{})
	case route.kind == kindCatalog:
		g.serveCatalog(w, r)
	case route.kind == kindTags:
		g.serveTags(w, r, route)
	case route.kind == kindReferrers:
		g.serveReferrers(w, r, route)
	case route.kind == kindManifest || route.kind == kindBlob:
		g.serveFirst(w, r, route)
	default:
		writeError(w, http.StatusNotFound, codeUnsupported, "no such address: "+r.URL.Path)
	}
}

// serveFirst forwards the response of the first member that has the content. It skips members that fail.
func (g *group) serveFirst(w http.ResponseWriter, r *http.Request, route route) {
	for _, member := range g.members() {
		attempt := &attempt{client: w, header: http.Header{}}
		member.ServeHTTP(attempt, r.Clone(r.Context()))
		if attempt.finish() {
			return
		}
	}
	notFound(route).serve(w)
}

// attempt streams a successful response to the client and drops an unsuccessful one.
type attempt struct {
	client   http.ResponseWriter
	header   http.Header
	decided  bool
	accepted bool
}

func (a *attempt) Header() http.Header {
	if a.accepted {
		return a.client.Header()
	}
	return a.header
}

func (a *attempt) WriteHeader(status int) {
	if a.decided {
		return
	}
	a.decided, a.accepted = true, answersRead(status)
	if !a.accepted {
		return
	}
	for name, values := range a.header {
		a.client.Header()[name] = values
	}
	a.client.WriteHeader(status)
}

// answersRead reports whether the content exists: range and precondition statuses are about existing content.
func answersRead(status int) bool {
	return status < 400 || status == http.StatusRequestedRangeNotSatisfiable || status == http.StatusPreconditionFailed
}

func (a *attempt) Write(body []byte) (int, error) {
	if !a.decided {
		a.WriteHeader(http.StatusOK)
	}
	if !a.accepted {
		return len(body), nil
	}
	return a.client.Write(body)
}

// Unwrap lets http.ResponseController flush.
func (a *attempt) Unwrap() http.ResponseWriter { return a.client }

func (a *attempt) finish() (accepted bool) {
	if !a.decided {
		a.WriteHeader(http.StatusOK)
	}
	return a.accepted
}

func (g *group) search(ctx context.Context, term string) ([]searchResult, error) {
	var all []searchResult
	known := map[string]bool{}
	for _, member := range g.members() {
		found, err := searchMember(ctx, member, term)
		if err != nil {
			continue // the others can still answer
		}
		for _, result := range found {
			if !known[result.Name] {
				known[result.Name] = true
				all = append(all, result)
			}
		}
	}
	return all, nil
}

func searchMember(ctx context.Context, member Handler, term string) ([]searchResult, error) {
	switch member := member.(type) {
	case *hosted:
		return member.searchImages(ctx, term)
	case *proxy:
		return member.search(ctx, term)
	case *group:
		return member.search(ctx, term)
	}
	return nil, nil
}
