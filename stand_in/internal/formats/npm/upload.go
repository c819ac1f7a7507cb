package npm

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"

	"repository-store/nexus-stand-in/internal/content"
)

// Upload stores the archive in the field npm.asset under the name and version of its package.json.
func (Format) Upload(ctx context.Context, repository *content.Repository, form *content.UploadForm) error {
	if len(form.Files) == 0 {
		return content.ValidationErrors{{ID: "npm.asset", Message: "The assets are missing: upload one npm archive as npm.asset"}}
	}
	stored, ok := repository.Source.(*hosted)
	if !ok {
		return content.ErrWritePolicy
	}
	if err := stored.checkWritable(); err != nil {
		return err
	}
	manifest, err := uploadedManifest(form.Files[0])
	if err != nil {
		return err
	}
	var identity struct{ Name, Version string }
	if err := json.Unmarshal(manifest, &identity); err != nil || identity.Name == "" || identity.Version == "" {
		return fmt.Errorf("%w: package.json of the archive names no package and version", content.ErrInvalid)
	}
	archive, err := form.Files[0].Open()
	if err != nil {
		return err
	}
	defer archive.Close()
	return stored.upload(ctx, identity.Name, identity.Version, manifest, archive)
}

func (h *hosted) upload(ctx context.Context, name, version string, manifest json.RawMessage, archive io.Reader) error {
	if cleaned, ok := content.CleanPath(name); !ok || cleaned != name {
		return fmt.Errorf("%w: %q is no package name", content.ErrInvalid, name)
	}
	defer h.locks.lock(name)()
	stored, err := h.stored(ctx, name)
	if err != nil {
		return err
	}
	if err := h.addVersion(ctx, stored, version, manifest, defaultArchive(name, version), archive); err != nil {
		return err
	}
	if latest, ok := stored.Tags["latest"]; !ok || higher(version, latest) {
		stored.Tags["latest"] = version
	}
	return h.save(ctx, stored)
}

const maxPackageJSON = 4 << 20

func uploadedManifest(file content.UploadFile) (json.RawMessage, error) {
	opened, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	unpacked, err := gzip.NewReader(opened)
	if err != nil {
		return nil, fmt.Errorf("%w: the archive is no gzip file: %v", content.ErrInvalid, err)
	}
	for entries := tar.NewReader(unpacked); ; {
		entry, err := entries.Next()
		if err != nil {
			return nil, fmt.Errorf("%w: no package.json in the archive: %v", content.ErrInvalid, err)
		}
		if directory, name := path.Split(path.Clean(entry.Name)); name == "package.json" && path.Dir(path.Clean(directory)) == "." {
			return io.ReadAll(io.LimitReader(entries, maxPackageJSON))
		}
	}
}
