package rest

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
)

type contextKey int

const principalKey contextKey = 0

// WithPrincipal stores the principal of a request.
func WithPrincipal(ctx context.Context, principal security.Principal) context.Context {
	return context.WithValue(ctx, principalKey, principal)
}

// PrincipalOf returns the principal of a request.
func PrincipalOf(ctx context.Context) security.Principal {
	principal, _ := ctx.Value(principalKey).(security.Principal)
	return principal
}

// call is one request to the API.
type call struct {
	*http.Request
	principal security.Principal
}

// param is a decoded part of the path.
func (c *call) param(name string) string {
	raw := chi.URLParam(c.Request, name)
	if c.URL.RawPath == "" {
		return raw
	}
	if decoded, err := url.PathUnescape(raw); err == nil {
		return decoded
	}
	return raw
}

func (c *call) query(name string) string { return c.URL.Query().Get(name) }

func (c *call) baseURL() string { return content.BaseURL(c.Request) }

const maxBody = 4 << 20

// text returns the raw body.
func (c *call) text() (string, error) {
	data, err := io.ReadAll(http.MaxBytesReader(nil, c.Request.Body, maxBody))
	return string(data), err
}

// body returns the decoded and validated JSON body.
func (c *call) body(object *schema.Object, nullBody error) (schema.Values, error) {
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	values, err := decode(text, object)
	if err != nil {
		return nil, err
	}
	if values == nil {
		if nullBody != nil {
			return nil, nullBody
		}
		return nil, problem.Violation("PARAMETER arg0", "must not be null")
	}
	if found := schema.Validate(values, object); found != nil {
		return nil, problem.Violations(found)
	}
	return values, nil
}

func decode(text string, object *schema.Object) (schema.Values, error) {
	values, err := schema.Decode([]byte(text), object)
	var malformed *schema.Malformed
	if errors.As(err, &malformed) {
		return nil, &problem.Message{Status: http.StatusBadRequest, Text: "Could not process the input: " + malformed.Reason, Bare: true}
	}
	return values, err
}

func mediaType(r *http.Request) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}
