package dockerrepo

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/factory"
	"github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

const driverName = "repository-directory"

func init() { factory.Register(driverName, driverFactory{}) }

type driverFactory struct{}

func (driverFactory) Create(context.Context, map[string]any) (driver.StorageDriver, error) {
	return contextDriver{}, nil
}

// rootDriver stores the files of one repository.
type rootDriver struct{ driver.StorageDriver }

const maxThreads = 100 // the library's default

func newRootDriver(root string) *rootDriver {
	return &rootDriver{filesystem.New(filesystem.DriverParameters{RootDirectory: root, MaxThreads: maxThreads})}
}

type rootKey struct{}

func withRoot(ctx context.Context, root *rootDriver) context.Context {
	return context.WithValue(ctx, rootKey{}, root)
}

// contextDriver passes every call to the rootDriver of its context.
type contextDriver struct{}

func rootOf(ctx context.Context) (*rootDriver, error) {
	root, ok := ctx.Value(rootKey{}).(*rootDriver)
	if !ok {
		return nil, driver.Error{DriverName: driverName, Detail: fmt.Errorf("the context names no repository")}
	}
	return root, nil
}

func (contextDriver) Name() string { return driverName }

func (contextDriver) GetContent(ctx context.Context, path string) ([]byte, error) {
	root, err := rootOf(ctx)
	if err != nil {
		return nil, err
	}
	return root.GetContent(ctx, path)
}

func (contextDriver) PutContent(ctx context.Context, path string, content []byte) error {
	root, err := rootOf(ctx)
	if err != nil {
		return err
	}
	return root.PutContent(ctx, path, content)
}

func (contextDriver) Reader(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	root, err := rootOf(ctx)
	if err != nil {
		return nil, err
	}
	return root.Reader(ctx, path, offset)
}

func (contextDriver) Writer(ctx context.Context, path string, appendTo bool) (driver.FileWriter, error) {
	root, err := rootOf(ctx)
	if err != nil {
		return nil, err
	}
	return root.Writer(ctx, path, appendTo)
}

func (contextDriver) Stat(ctx context.Context, path string) (driver.FileInfo, error) {
	root, err := rootOf(ctx)
	if err != nil {
		return nil, err
	}
	return root.Stat(ctx, path)
}

func (contextDriver) List(ctx context.Context, path string) ([]string, error) {
	root, err := rootOf(ctx)
	if err != nil {
		return nil, err
	}
	return root.List(ctx, path)
}

func (contextDriver) Move(ctx context.Context, source, destination string) error {
	root, err := rootOf(ctx)
	if err != nil {
		return err
	}
	return root.Move(ctx, source, destination)
}

func (contextDriver) Delete(ctx context.Context, path string) error {
	root, err := rootOf(ctx)
	if err != nil {
		return err
	}
	return root.Delete(ctx, path)
}

func (contextDriver) RedirectURL(*http.Request, string) (string, error) { return "", nil }

func (contextDriver) Walk(ctx context.Context, path string, visit driver.WalkFn, options ...func(*driver.WalkOptions)) error {
	root, err := rootOf(ctx)
	if err != nil {
		return err
	}
	return root.Walk(ctx, path, visit, options...)
}
