package npm

import (
	"io"
	"path"
	"strings"

	"repository-store/nexus-stand-in/internal/content"
)

func newProxySource(repository *content.Repository) content.Source {
	return content.ProxySource{
		Proxy:      repository,
		Metadata:   func(file string) bool { return !strings.Contains(file, "/-/") },
		RemotePath: func(file string) string { return remoteAddress(repository.Store, file) },
	}
}

// remoteAddress is the URL of an archive in the stored document; it may be on another host than the remote.
func remoteAddress(store content.Store, file string) string {
	name, archive, ok := strings.Cut(file, "/-/")
	if !ok {
		return file
	}
	cached, err := store.Open(name)
	if err != nil {
		return file
	}
	defer cached.Close()
	address := file
	err = scan(io.Discard, cached.File, func(keys []string) edit {
		if !isArchiveAddress(keys) {
			return edit{}
		}
		return edit{replace: func(value string) string {
			if path.Base(value) == archive {
				address = value
			}
			return value
		}}
	})
	if err != nil {
		return file
	}
	return address
}
