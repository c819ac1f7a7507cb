package yum

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/sassoftware/go-rpmutils"

	"repository-store/nexus-stand-in/internal/content"
)

const (
	deployPolicyPermissive = "PERMISSIVE"
	packageType            = "application/x-rpm"
)

// put stores an uploaded file: a package, a comps file, or with the deploy policy PERMISSIVE any file.
func put(ctx context.Context, repository *content.Repository, file string, body io.Reader) error {
	options := content.PutOptions{}
	switch {
	case strings.HasSuffix(file, ".rpm"):
		options.ContentType = packageType
	case isComps(file):
	case isMetadata(file):
		return fmt.Errorf("%w: %s is made by the repository itself; upload packages, or a comps file named *comps.xml", content.ErrInvalid, file)
	case repository.Text("deployPolicy") != deployPolicyPermissive:
		return fmt.Errorf("%w: %s is no RPM package; the deploy policy STRICT takes nothing else", content.ErrInvalid, file)
	}
	if err := repository.CheckWrite(file); err != nil {
		return err
	}
	staged, err := repository.Store.Stage(ctx, body)
	if err != nil {
		return err
	}
	if options.ContentType == packageType {
		if options.Coordinates, err = readPackage(staged.File); err != nil {
			repository.Store.Discard(staged)
			return fmt.Errorf("%w: %s is no RPM package: %v", content.ErrInvalid, file, err)
		}
	}
	if _, err := repository.Store.Commit(ctx, file, staged, options); err != nil {
		return err
	}
	regenerate(repository)
	return nil
}

// readPackage reads name and version from the header of a package.
func readPackage(file string) (*content.Coordinates, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	header, err := rpmutils.ReadHeader(bufio.NewReader(opened))
	if err != nil {
		return nil, err
	}
	identity, err := header.GetNEVRA()
	if err != nil {
		return nil, err
	}
	return &content.Coordinates{Name: identity.Name, Version: identity.Version + "-" + identity.Release}, nil
}

// isComps reports whether a file has package groups; they are uploaded into the repodata directory.
func isComps(file string) bool {
	return isMetadata(file) && (strings.HasSuffix(path.Base(file), "comps.xml") || strings.HasSuffix(path.Base(file), "comps.xml.gz"))
}
