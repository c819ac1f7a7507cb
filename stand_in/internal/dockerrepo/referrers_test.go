package dockerrepo

import (
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// The registry library has no referrers API; clients find signatures and the like by the tags that they push instead.
func TestReferrersAreFoundThroughEveryType(t *testing.T) {
	store := newTestHosted(t)
	origin := serve(t, store)
	subject := push(t, origin, "app:1")
	descriptor := &v1.Descriptor{MediaType: types.DockerManifestSchema2}
	var err error
	if descriptor.Digest, err = subject.Digest(); err != nil {
		t.Fatal(err)
	}
	if descriptor.Size, err = subject.Size(); err != nil {
		t.Fatal(err)
	}
	signature, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	signature = mutate.MediaType(signature, types.OCIManifestSchema1)
	signature = mutate.ConfigMediaType(signature, "application/vnd.test.signature")
	attached := mutate.Subject(signature, *descriptor).(v1.Image)
	if err := remote.Write(imageRef(t, origin, "app@"+digestOf(t, attached)), attached); err != nil {
		t.Fatal(err)
	}
	proxied := newTestProxy(t, origin.URL, nil)
	for kind, handler := range map[string]Handler{"hosted": store, "proxy": proxied, "group": newTestGroup(t, newTestHosted(t), proxied)} {
		server := serve(t, handler)
		found, err := remote.Referrers(imageRef(t, server, "app@"+digestOf(t, subject)).(name.Digest))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		index, err := found.IndexManifest()
		if err != nil {
			t.Fatal(err)
		}
		if len(index.Manifests) != 1 || index.Manifests[0].Digest.String() != digestOf(t, attached) {
			t.Fatalf("%s: referrers %+v", kind, index.Manifests)
		}
		mustPull(t, server, "app@"+digestOf(t, attached), attached)
	}
}
