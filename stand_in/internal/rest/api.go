// Package rest is the REST API below /service/rest.
package rest

import (
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/go-chi/chi/v5"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/security"
	"repository-store/nexus-stand-in/internal/settings"
	"repository-store/nexus-stand-in/internal/tasks"
	"repository-store/nexus-stand-in/internal/usage"
)

// Options are the options of the REST API.
type Options struct {
	Pro                 bool // has the features of a Pro licence
	OpenCore            bool // lacks what is not open source
	AllowScripts        bool // scripts may be created
	SSRFProtection      bool // remotes on private addresses are rejected while the settings say so
	UnreachedBlobStores bool // cloud blob stores are accepted; only their settings are stored
}

// API is the REST API.
type API struct {
	Minor   int // of the played version: 77 for 3.77
	Version string
	NodeID  string
	Options
	Database     *database.Database
	Security     *security.Manager
	Blobs        *blobstore.Manager
	Repositories *repositories.Manager
	Settings     *settings.Settings
	Tasks        *tasks.Scheduler
	Usage        *usage.Counter

	router      chi.Router
	reEncrypted atomic.Int64 // Unix time in nanoseconds when the last re-encryption ends
}

// Handler builds the routes.
func (a *API) Handler() http.Handler {
	a.router = chi.NewRouter()
	notPlayed := operationsNotPlayed()
	a.router.NotFound(a.unknown(notPlayed, http.StatusNotFound))
	a.router.MethodNotAllowed(a.unknown(notPlayed, http.StatusMethodNotAllowed))
	a.statusRoutes()
	a.blobStoreRoutes()
	a.repositoryRoutes()
	a.roleRoutes()
	a.userRoutes()
	a.privilegeRoutes()
	a.securityRoutes()
	a.selectorRoutes()
	a.trustStoreRoutes()
	a.routingRoutes()
	a.cleanupRoutes()
	a.systemRoutes()
	a.usageRoutes()
	a.emailRoutes()
	a.taskRoutes()
	a.capabilityRoutes()
	a.scriptRoutes()
	a.browseRoutes()
	a.searchRoutes()
	a.uploadRoutes()
	a.singleRoutes()
	a.firewallRoutes()
	a.foreignUserRoutes()
	a.userTokenRoutes()
	a.serviceAccountRoutes()
	a.allowListRoutes()
	a.tagRoutes()
	a.templateRoutes()
	a.actionRoutes()
	a.encryptionRoutes()
	a.directRoutes()
	if !a.OpenCore {
		a.ldapRoutes()
		a.outgoingRoutes()
	}
	return http.HandlerFunc(a.serve)
}

func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		writeFault(w, &problem.Fault{Class: "java.lang.NullPointerException"})
		return
	}
	if strings.Contains(r.URL.Path, "//") {
		writeStatus(w, http.StatusNotFound)
		return
	}
	request := r.Clone(r.Context())
	if a.Minor < afterCore {
		if request.Method == http.MethodGet && request.URL.Path == "/service/rest/beta/repositories" {
			request.URL.Path = v1 + "/repositorySettings" // under this name the core has the list of settings
		}
		request.URL.Path, request.URL.RawPath = withoutBeta(request.URL.Path), withoutBeta(request.URL.RawPath)
	}
	request.URL.Path = strings.TrimSuffix(request.URL.Path, "/")
	request.URL.RawPath = strings.TrimSuffix(request.URL.RawPath, "/")
	if r.Method == http.MethodHead {
		request.Method = http.MethodGet // net/http omits the body
	}
	a.router.ServeHTTP(w, request)
}

// betaPath matches the resources that the core still serves under /service/rest/beta, too.
var betaPath = regexp.MustCompile(`^/service/rest/beta/(repositories(?:/.*)?|blobstores(?:/[^/]+(?:/quota-status)?)?|routing-rules(?:/.*)?|email(?:/.*)?|security/.*)$`)

func withoutBeta(path string) string { return betaPath.ReplaceAllString(path, v1+"/$1") }

// permission is the permission that an endpoint needs, such as blobstores read; empty: none.
type permission []string

// administrator is the permission of endpoints for administrators.
var administrator = permission{"*"}

func may(domain, action string) permission { return permission{domain, action} }

// endpoint handles a request; errors become responses too.
type endpoint func(c *call) (answer, error)

// bodyEndpoint gets the decoded body as well.
type bodyEndpoint func(c *call, body schema.Values) (answer, error)

// route is one operation of the API.
type route struct {
	method, path string
	need         permission
	consumes     string         // content type; empty: any
	anyMedia     bool           // the JSON body may come without a content type
	body         *schema.Object // JSON body
	nullBody     error          // for an empty body; nil: the usual error
	cacheControl string         // sent with every response
	whileFrozen  bool           // works in read-only mode, or checks that itself
	since        int            // first minor version
	until        int            // first minor version without it; 0: none
}

const v1 = "/service/rest/v1"

// on registers an operation without a JSON body.
func (a *API) on(r route, handle endpoint) {
	a.register(r, func(c *call) (answer, error) {
		if err := a.permit(c, r); err != nil {
			return answer{}, err
		}
		return handle(c)
	})
}

// onBody registers an operation with a JSON body. Like on the real server, the body is validated before the permission.
func (a *API) onBody(r route, handle bodyEndpoint) {
	if !r.anyMedia {
		r.consumes = "application/json"
	}
	a.register(r, func(c *call) (answer, error) {
		body, err := c.body(r.body, r.nullBody)
		if err != nil {
			return answer{}, err
		}
		if err := a.permit(c, r); err != nil {
			return answer{}, err
		}
		return handle(c, body)
	})
}

func (a *API) register(r route, handle endpoint) {
	if r.since > a.Minor || r.until != 0 && a.Minor >= r.until {
		return
	}
	path := r.path
	if !strings.HasPrefix(path, "/service") {
		path = v1 + path
	}
	a.router.MethodFunc(r.method, path, func(w http.ResponseWriter, request *http.Request) {
		if r.cacheControl != "" {
			w.Header().Set("Cache-Control", r.cacheControl)
		}
		if r.consumes != "" && mediaType(request) != r.consumes && !(r.anyMedia && mediaType(request) == "") {
			writeStatus(w, http.StatusUnsupportedMediaType)
			return
		}
		c := &call{Request: request, principal: PrincipalOf(request.Context())}
		result, err := handle(c)
		if err != nil {
			writeError(w, err)
			return
		}
		writeAnswer(w, request, result)
	})
}

func (a *API) permit(c *call, r route) error {
	if !a.allowed(c, r.need) {
		return forbidden
	}
	if r.method != http.MethodGet && !r.whileFrozen && a.Settings.Frozen() {
		return readOnly
	}
	return nil
}

func (a *API) allowed(c *call, need permission) bool {
	return len(need) == 0 || a.Security.Allowed(c.principal, append([]string{"nexus"}, need...)...)
}
