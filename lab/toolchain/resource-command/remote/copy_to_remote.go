package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"repository-store/lab/toolchain/resource-command/process"
)

type CopyToRemote struct{}

type CopyToRemoteInputs struct {
	Connection Connection           `pulumi:"connection" provider:"secret"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

type CopyToRemoteState struct {
	CopyToRemoteInputs
}

func (CopyToRemote) Create(
	ctx context.Context, req infer.CreateRequest[CopyToRemoteInputs],
) (infer.CreateResponse[CopyToRemoteState], error) {
	state := CopyToRemoteState{req.Inputs}
	if req.DryRun {
		return infer.CreateResponse[CopyToRemoteState]{Output: state}, nil
	}
	id, err := process.NewID(req.Name)
	if err == nil {
		err = req.Inputs.copy(ctx)
	}
	return infer.CreateResponse[CopyToRemoteState]{ID: id, Output: state}, err
}

func (CopyToRemote) Update(
	ctx context.Context, req infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteState],
) (infer.UpdateResponse[CopyToRemoteState], error) {
	var err error
	if !req.DryRun {
		err = req.Inputs.copy(ctx)
	}
	return infer.UpdateResponse[CopyToRemoteState]{Output: CopyToRemoteState{req.Inputs}}, err
}

func (inputs CopyToRemoteInputs) copy(ctx context.Context) error {
	client, err := inputs.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	files, err := sftp.NewClient(client)
	if err != nil {
		return fmt.Errorf("open SFTP on %s: %w", inputs.Connection.Host, err)
	}
	defer files.Close()
	if err := inputs.upload(files); err != nil {
		return fmt.Errorf("copy to %s on %s: %w", inputs.RemotePath, inputs.Connection.Host, err)
	}
	return nil
}

func (inputs CopyToRemoteInputs) upload(files *sftp.Client) error {
	asset, archive := inputs.Source.Asset, inputs.Source.Archive
	switch {
	case asset != nil && asset.IsText():
		return writeFile(files, inputs.RemotePath, strings.NewReader(asset.Text), 0o644)
	case asset != nil && asset.IsPath():
		return uploadPath(files, asset.Path, inputs.RemotePath)
	case archive != nil && archive.IsPath():
		return uploadPath(files, archive.Path, inputs.RemotePath)
	}
	return errors.New("source must be a FileAsset, StringAsset or FileArchive")
}

// uploadPath copies a file or a whole directory; into the target, when that is a directory already.
func uploadPath(files *sftp.Client, source, target string) error {
	if info, err := files.Stat(target); err == nil && info.IsDir() {
		target = path.Join(target, filepath.Base(source))
	}
	return filepath.WalkDir(source, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(source, name)
		if err != nil {
			return err
		}
		destination := path.Join(target, filepath.ToSlash(relative))
		if entry.IsDir() {
			return files.MkdirAll(destination)
		}
		return uploadFile(files, name, destination)
	})
}

func uploadFile(files *sftp.Client, source, destination string) error {
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return writeFile(files, destination, file, info.Mode().Perm())
}

func writeFile(files *sftp.Client, destination string, content io.Reader, mode fs.FileMode) error {
	if err := files.MkdirAll(path.Dir(destination)); err != nil {
		return err
	}
	file, err := files.Create(destination)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return files.Chmod(destination, mode)
}
