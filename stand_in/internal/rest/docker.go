package rest

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/dockerrepo"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/repositories"
)

const manifestType = "application/vnd.docker.distribution.manifest.v2+json"

// images returns the tagged images of a docker repository; a group has none itself.
func (a *API) images(c *call, record *repositories.Record) ([]dockerrepo.Image, dockerrepo.Handler, error) {
	running, exists := a.Repositories.Run(record.Name)
	if !exists {
		return nil, nil, notFound
	}
	handler, err := a.Repositories.Docker(running)
	if err != nil {
		return nil, nil, err
	}
	lister, can := handler.(dockerrepo.Lister)
	if !can {
		return nil, handler, nil
	}
	images, err := lister.Images(c.Context())
	return images, handler, err
}

// imageID is the id of a component or asset of a docker repository, which has no number.
func imageID(repository string, image dockerrepo.Image) string {
	return base64.RawURLEncoding.EncodeToString([]byte(repository + ":" + image.Name + ":" + image.Tag))
}

func showImage(c *call, record *repositories.Record, image dockerrepo.Image) map[string]any {
	return map[string]any{
		"id": imageID(record.Name, image), "repository": record.Name, "format": record.Format, "group": nil,
		"name": image.Name, "version": image.Tag, "assets": []map[string]any{showManifest(c, record, image)},
	}
}

func manifestPath(image dockerrepo.Image) string {
	return "/v2/" + image.Name + "/manifests/" + image.Tag
}

func showManifest(c *call, record *repositories.Record, image dockerrepo.Image) map[string]any {
	path := manifestPath(image)
	return map[string]any{
		"downloadUrl": repositories.URL(record, c.baseURL()) + path, "path": path, "id": imageID(record.Name, image),
		"repository": record.Name, "format": record.Format,
		"checksum":    map[string]string{"sha256": strings.TrimPrefix(image.Digest, "sha256:")},
		"contentType": manifestType, "lastModified": image.Modified.Format(timestamp), "lastDownloaded": nil,
		"uploader": nil, "uploaderIp": nil, "fileSize": image.Size, "blobCreated": image.Modified.Format(timestamp), "blobStoreName": nil,
		record.Format: map[string]any{},
	}
}

// listImages returns the components or assets of a docker repository, all on one page.
func (a *API) listImages(c *call, record *repositories.Record,
	show func(*call, *repositories.Record, dockerrepo.Image) map[string]any) (answer, error) {
	images, _, err := a.images(c, record)
	items := make([]map[string]any, 0, len(images))
	for _, image := range images {
		items = append(items, show(c, record, image))
	}
	return ok(page(items, "")), err
}

// onImage shows or deletes the image with an id.
func (a *API) onImage(c *call, record *repositories.Record, id string,
	show func(*call, *repositories.Record, dockerrepo.Image) map[string]any) (answer, error) {
	images, handler, err := a.images(c, record)
	if err != nil {
		return answer{}, err
	}
	for _, image := range images {
		if imageID(record.Name, image) != id {
			continue
		}
		if c.Method == http.MethodDelete {
			return deleteImage(c, handler, image)
		}
		return ok(show(c, record, image)), nil
	}
	return answer{}, notFound
}

func deleteImage(c *call, handler http.Handler, image dockerrepo.Image) (answer, error) {
	request, err := http.NewRequestWithContext(c.Context(), http.MethodDelete, "/v2/"+image.Name+"/manifests/"+image.Digest, nil)
	if err != nil {
		return answer{}, err
	}
	request.Host = c.Host
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	if response.Code >= 400 {
		return answer{}, problem.Refuse("The image could not be deleted: %s", strings.TrimSpace(response.Body.String()))
	}
	return done()
}

// searchImages finds the matching images of a docker repository.
func (a *API) searchImages(c *call, record repositories.Record, wanted *searchCriteria, shown func(path string) bool) ([]match, error) {
	images, _, err := a.images(c, &record)
	var matches []match
	for i := range images {
		component := blobstore.Component{Coordinates: content.Coordinates{Name: images[i].Name, Version: images[i].Tag}}
		manifest := &content.Asset{SHA256: strings.TrimPrefix(images[i].Digest, "sha256:")}
		found := match{record: record, component: component, image: &images[i], document: newDocument(&record, component, []*content.Asset{manifest})}
		if shown(manifestPath(images[i])) && wanted.matches(found.document) {
			matches = append(matches, found)
		}
	}
	return matches, err
}
