package dockerrepo

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/distribution/distribution/v3"
	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

func (p *proxy) serveBlob(w http.ResponseWriter, r *http.Request, route route) {
	reference, err := digest.Parse(route.reference)
	if err != nil || p.registry.hasBlob(r.Context(), route.name, reference) {
		p.registry.ServeHTTP(w, r)
		return
	}
	header := http.Header{}
	if ranges := r.Header.Get("Range"); ranges != "" {
		header.Set("Range", ranges)
	}
	response, err := p.remote.get(r.Context(), r.Method, route, "", header)
	if err != nil {
		serveFailure(w, route, err)
		return
	}
	defer response.Body.Close()
	copyBlobHeader(w.Header(), response, reference)
	w.WriteHeader(response.StatusCode)
	if r.Method == http.MethodHead {
		return
	}
	if !p.relay(w, r, route, response, reference) {
		panic(http.ErrAbortHandler) // the client must notice that the blob is incomplete
	}
}

func copyBlobHeader(header http.Header, response *http.Response, reference digest.Digest) {
	header.Set("Docker-Distribution-Api-Version", "registry/2.0")
	header.Set("Docker-Content-Digest", reference.String())
	header.Set("ETag", `"`+reference.String()+`"`)
	header.Set("Content-Type", "application/octet-stream")
	if response.ContentLength >= 0 {
		header.Set("Content-Length", strconv.FormatInt(response.ContentLength, 10))
	}
	for _, name := range []string{"Content-Range", "Accept-Ranges"} {
		if value := response.Header.Get(name); value != "" {
			header.Set(name, value)
		}
	}
}

// relay streams the blob to the client and, unless it is a range, into the cache. It reports whether the client got all of it.
func (p *proxy) relay(w http.ResponseWriter, r *http.Request, route route, response *http.Response, reference digest.Digest) bool {
	if response.StatusCode != http.StatusOK {
		_, err := io.Copy(w, response.Body)
		return err == nil
	}
	ctx := p.registry.context(context.WithoutCancel(r.Context()))
	writer, err := p.registry.blobWriter(ctx, route.name)
	if err != nil {
		return false
	}
	defer writer.Close()
	size, err := io.Copy(io.MultiWriter(w, writer), response.Body)
	if err != nil || response.ContentLength >= 0 && size != response.ContentLength {
		_ = writer.Cancel(ctx) // leftovers of an upload are never served
		return false
	}
	if _, err := writer.Commit(ctx, v1.Descriptor{Digest: reference, Size: size}); err != nil {
		_ = writer.Cancel(ctx)
		return false
	}
	return true
}

func (g *registry) blobWriter(ctx context.Context, name string) (distribution.BlobWriter, error) {
	image, err := g.image(ctx, name)
	if err != nil {
		return nil, err
	}
	return image.Blobs(ctx).Create(ctx)
}

func (g *registry) hasBlob(ctx context.Context, name string, reference digest.Digest) bool {
	ctx = g.context(ctx)
	image, err := g.image(ctx, name)
	if err != nil {
		return false
	}
	_, err = image.Blobs(ctx).Stat(ctx, reference)
	return err == nil
}
