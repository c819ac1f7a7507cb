package pypi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"repository-store/nexus-stand-in/internal/content"
)

const maxField = 1 << 20 // the description is the longest

// upload is the form that twine sends: metadata fields, with the file at any position among them.
type upload struct {
	fields map[string]string
	file   string
	staged *content.Staged
}

func (h handler) serveUpload(w http.ResponseWriter, r *http.Request) {
	err := h.receive(r)
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(content.Status(err))
	if errors.Is(err, content.ErrWritePolicy) {
		// upload tools look for these words to skip existing files
		fmt.Fprintf(w, "Repository does not allow updating assets: %s\n", h.repository.Name)
		return
	}
	fmt.Fprintln(w, err)
}

func (h handler) receive(r *http.Request) error {
	if h.repository.WritePolicy == content.Deny {
		return content.ErrWritePolicy
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return fmt.Errorf("%w: %v", content.ErrInvalid, err)
	}
	received := upload{fields: map[string]string{}}
	if err := received.read(r.Context(), h.repository.Store, parts); err != nil {
		received.discard(h.repository.Store)
		return err
	}
	return received.store(r.Context(), h.repository)
}

func (u *upload) discard(store content.Store) {
	if u.staged != nil {
		store.Discard(u.staged)
	}
}

func (u *upload) read(ctx context.Context, store content.Store, parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %v", content.ErrInvalid, err)
		}
		if err := u.part(ctx, store, part); err != nil {
			return err
		}
	}
}

func (u *upload) part(ctx context.Context, store content.Store, part *multipart.Part) (err error) {
	if part.FormName() == "content" && part.FileName() != "" {
		if u.staged != nil {
			return fmt.Errorf("%w: the form has two files named content", content.ErrInvalid)
		}
		u.file = part.FileName()
		u.staged, err = store.Stage(ctx, part)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: the form ends within the file %s", content.ErrInvalid, u.file)
		}
		return err
	}
	if part.FileName() != "" {
		return nil // signatures and attestations are not stored
	}
	value, err := io.ReadAll(io.LimitReader(part, maxField+1))
	if len(value) > maxField {
		return fmt.Errorf("%w: the field %s is larger than %d bytes", content.ErrInvalid, part.FormName(), maxField)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: the form ends within the field %s", content.ErrInvalid, part.FormName())
	}
	if err == nil && u.fields[part.FormName()] == "" {
		u.fields[part.FormName()] = string(value)
	}
	return err
}

// store commits the received file.
func (u *upload) store(ctx context.Context, repository *content.Repository) error {
	target, err := u.check(repository)
	if err != nil {
		u.discard(repository.Store)
		return err
	}
	options := content.PutOptions{Attributes: map[string]string{}}
	if requires := u.fields[requiresPython]; requires != "" {
		options.Attributes[requiresPython] = requires
	}
	_, err = repository.Store.Commit(ctx, target, u.staged, options)
	return err
}

func (u *upload) check(repository *content.Repository) (target string, err error) {
	if action := u.fields[":action"]; action != "" && action != "file_upload" {
		return "", fmt.Errorf("%w: the action is %q, allowed is file_upload", content.ErrInvalid, action)
	}
	if u.staged == nil {
		return "", fmt.Errorf("%w: the form has no file named content", content.ErrInvalid)
	}
	if digest := u.fields["sha256_digest"]; digest != "" && digest != u.staged.SHA256 {
		return "", fmt.Errorf("%w: sha256_digest does not fit the file %s", content.ErrInvalid, u.file)
	}
	target, err = filePath(u.fields["name"], u.fields["version"], u.file)
	if err != nil {
		return "", err
	}
	return target, repository.CheckWrite(target)
}

// Upload stores the file in the field pypi.asset; project and version are in its name.
func (Format) Upload(ctx context.Context, repository *content.Repository, form *content.UploadForm) error {
	if len(form.Files) == 0 {
		return content.ValidationErrors{{ID: "pypi.asset", Message: "The assets are missing: upload one distribution as pypi.asset"}}
	}
	file := form.Files[0].Filename
	project, version, ok := identify(file)
	if !ok {
		return fmt.Errorf("%w: %q is no name of a wheel or source distribution", content.ErrInvalid, file)
	}
	body, err := form.Files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	staged, err := repository.Store.Stage(ctx, body)
	if err != nil {
		return err
	}
	received := upload{fields: map[string]string{"name": project, "version": version}, file: file, staged: staged}
	return received.store(ctx, repository)
}
