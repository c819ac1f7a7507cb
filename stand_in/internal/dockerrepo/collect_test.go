package dockerrepo

import (
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func TestCollectUnlinksUntaggedImagesAndSweepRemovesTheirBytes(t *testing.T) {
	root := t.TempDir()
	server := serve(t, hostedAt(t, root, settings("docker-hosted", "hosted")))
	old := push(t, server, "team/app:1")
	kept := push(t, server, "team/app:1") // moves the tag
	index, err := random.Index(512, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(imageRef(t, server, "multi:1"), index); err != nil {
		t.Fatal(err)
	}
	full := bytesBelow(t, root)

	must(t, Collect(root, time.Now().Add(-time.Hour)))
	mustPull(t, server, "team/app@"+digestOf(t, old), old) // kept: pushed within the last hour

	must(t, Collect(root, time.Now().Add(time.Hour)))
	wantStatus(t, call(t, "HEAD", server.URL+"/v2/team/app/blobs/"+firstLayer(t, old), ""), 404)
	if bytesBelow(t, root) < full-1024 { // links are small
		t.Fatal("bytes were removed before the sweep")
	}
	must(t, Sweep(root))
	if left := bytesBelow(t, root); left >= full-1024 {
		t.Fatalf("%d of %d bytes are left", left, full)
	}
	mustPull(t, server, "team/app:1", kept)
	if got, err := remote.Index(imageRef(t, server, "multi:1")); err != nil {
		t.Fatal(err)
	} else if manifest, err := got.IndexManifest(); err != nil || len(manifest.Manifests) != 2 {
		t.Fatal(err)
	} else if _, err := got.Image(manifest.Manifests[0].Digest); err != nil {
		t.Fatal(err)
	}
}

func TestSweepKeepsWhatWasPushedAgain(t *testing.T) {
	root := t.TempDir()
	server := serve(t, hostedAt(t, root, settings("docker-hosted", "hosted")))
	image := push(t, server, "app:1")
	must(t, remote.Delete(imageRef(t, server, "app@"+digestOf(t, image))))
	must(t, Collect(root, time.Now().Add(time.Hour)))
	must(t, remote.Write(imageRef(t, server, "app:2"), image))
	must(t, Sweep(root))
	mustPull(t, server, "app:2", image)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func bytesBelow(t *testing.T, root string) (total int64) {
	t.Helper()
	filepath.WalkDir(root, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			if info, err := entry.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total
}
