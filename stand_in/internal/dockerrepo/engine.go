package dockerrepo

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"sync"

	"github.com/distribution/distribution/v3"
	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	"github.com/distribution/distribution/v3/registry/storage"
	"github.com/sirupsen/logrus"
)

// maxCatalog is the largest page size of a catalog that a client may request.
const maxCatalog = 10000

// engine is the CNCF registry. Each App of that library starts goroutines that cannot be stopped, so all repositories
// share one App, and the storage driver takes the directory of the repository from the context of the request.
type engine struct {
	app       http.Handler
	namespace distribution.Namespace
}

var theEngine = sync.OnceValues(newEngine)

func newEngine() (*engine, error) {
	logrus.SetOutput(io.Discard) // the library logs every request; the server has its own request log
	config := &configuration.Configuration{
		Storage: configuration.Storage{
			driverName:    configuration.Parameters{},
			"delete":      configuration.Parameters{"enabled": true},
			"maintenance": configuration.Parameters{"uploadpurging": map[any]any{"enabled": false}},
		},
	}
	config.Catalog.MaxEntries = maxCatalog
	// Non-distributable layers are not stored: clients fetch them from their URLs, which may be any.
	config.Validation.Manifests.URLs.Allow = []string{".*"}
	namespace, err := storage.NewRegistry(context.Background(), contextDriver{}, storage.EnableDelete)
	if err != nil {
		return nil, err
	}
	return &engine{app: handlers.NewApp(context.Background(), config), namespace: namespace}, nil
}

// registry is the CNCF registry on the directory of one repository.
type registry struct {
	*engine
	root *rootDriver
}

func newRegistry(root string) (*registry, error) {
	engine, err := theEngine()
	if err != nil {
		return nil, err
	}
	return &registry{engine: engine, root: newRootDriver(filepath.Clean(root))}, nil
}

func (g *registry) context(ctx context.Context) context.Context { return withRoot(ctx, g.root) }

func (g *registry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.app.ServeHTTP(w, r.WithContext(g.context(r.Context())))
}
