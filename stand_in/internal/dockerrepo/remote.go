package dockerrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/distribution/distribution/v3/manifest/manifestlist"
	"github.com/distribution/distribution/v3/manifest/schema2"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote/auth"

	"repository-store/nexus-stand-in/internal/content"
)

var manifestTypes = strings.Join([]string{
	schema2.MediaTypeManifest, manifestlist.MediaTypeManifestList, v1.MediaTypeImageManifest, v1.MediaTypeImageIndex,
}, ", ")

// errBlocked is returned while the remote is blocked.
var errBlocked = errors.New("the remote is blocked")

// upstreamRegistry is the remote of a proxy.
type upstreamRegistry struct {
	repo   *content.Repository
	client *auth.Client
}

func newRemote(repo *content.Repository) *upstreamRegistry {
	credential := auth.Credential{Username: repo.Remote.Username, Password: repo.Remote.Password}
	if repo.Remote.BearerToken != "" {
		credential = auth.Credential{AccessToken: repo.Remote.BearerToken}
	}
	return &upstreamRegistry{repo: repo, client: &auth.Client{
		Client:     repo.Client,
		Cache:      auth.NewCache(),
		Credential: func(context.Context, string) (auth.Credential, error) { return credential, nil },
	}}
}

func (m *upstreamRegistry) hasCredentials() bool {
	return m.repo.Remote.Username != "" || m.repo.Remote.BearerToken != ""
}

// get sends a request to the remote; any status but 2xx becomes an error. header may be nil.
func (m *upstreamRegistry) get(ctx context.Context, method string, route route, query string, header http.Header) (*http.Response, error) {
	if m.repo.Remote.Blocked || m.repo.State.Blocked() {
		return nil, errBlocked
	}
	ctx = auth.AppendScopes(ctx, auth.ScopeRepository(route.name, auth.ActionPull))
	address := m.repo.Remote.URL + route.path()
	if query != "" {
		address += "?" + query
	}
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, m.failed(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := m.client.Do(request)
	if err != nil {
		return nil, m.transportFailed(ctx, err)
	}
	if response.StatusCode/100 == 2 {
		m.repo.State.Succeeded()
		return response, nil
	}
	response.Body.Close()
	return nil, m.refused(route, response.StatusCode)
}

func (m *upstreamRegistry) transportFailed(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		m.repo.State.Failed(m.repo.Remote.AutoBlock)
	}
	return m.failed(err)
}

func (m *upstreamRegistry) failed(err error) error {
	return &apiError{http.StatusBadGateway, codeUnknown, fmt.Sprintf("remote of repository %s unavailable: %v", m.repo.Name, err)}
}

// refused maps the status of the remote to an error for the client. Registries answer 401 and 403 for images that do not
// exist, so without credentials these mean "not found".
func (m *upstreamRegistry) refused(route route, status int) error {
	switch {
	case status == http.StatusNotFound, !m.hasCredentials() && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return notFound(route)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return m.failed(fmt.Errorf("it refused the configured credentials (%d)", status))
	case status == http.StatusTooManyRequests:
		return &apiError{status, codeTooMany, "the remote of repository " + m.repo.Name + " limits the rate of requests"}
	case status == http.StatusRequestedRangeNotSatisfiable:
		return &apiError{status, codeUnknown, "range not satisfiable"}
	case status >= 500:
		m.repo.State.Failed(m.repo.Remote.AutoBlock)
	}
	return m.failed(fmt.Errorf("it answered %d", status))
}

// manifest fetches a manifest and its media type.
func (m *upstreamRegistry) manifest(ctx context.Context, route route) (mediaType string, body []byte, err error) {
	response, err := m.get(ctx, http.MethodGet, route, "", http.Header{"Accept": {manifestTypes}})
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, maxManifestSize+1))
	switch {
	case err != nil:
		return "", nil, m.transportFailed(ctx, err)
	case len(body) > maxManifestSize:
		return "", nil, m.failed(fmt.Errorf("manifest of %s is larger than %d bytes", route.name, maxManifestSize))
	}
	return response.Header.Get("Content-Type"), body, nil
}
