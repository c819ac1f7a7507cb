package rest

import (
	"errors"
	"fmt"
	"net/http"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

var softQuota = &schema.Object{Class: "org.sonatype.nexus.blobstore.rest.BlobStoreApiSoftQuota", Fields: []schema.Field{
	{Name: "type"}, {Name: "limit", Kind: schema.Long},
}}

var (
	fileBlobStore = &schema.Object{Class: "FileBlobStoreApiCreateRequest", Fields: []schema.Field{
		{Name: "name", Rule: schema.NotEmpty, Missing: "Name is required"},
		{Name: "path", Rule: schema.NotEmpty, Missing: "Path is required"},
		{Name: "softQuota", Kind: schema.Part, Part: softQuota},
	}}
	fileBlobStoreUpdate = &schema.Object{Class: "FileBlobStoreApiUpdateRequest", Fields: fileBlobStore.Fields[1:]}
)

func nullRequest(class, method string) error {
	return &problem.Fault{Class: "java.lang.NullPointerException",
		Message: fmt.Sprintf("Cannot invoke \"%s.%s\" because \"request\" is null", class, method)}
}

func (a *API) blobStoreRoutes() {
	const class = "org.sonatype.nexus.blobstore.file.rest.FileBlobStoreApi"
	const toConfiguration = "toBlobStoreConfiguration(org.sonatype.nexus.blobstore.api.BlobStoreConfiguration)"
	a.on(route{method: "GET", path: "/blobstores", need: may("blobstores", "read")}, a.listBlobStores)
	a.onBody(route{method: "POST", path: "/blobstores/file", need: may("blobstores", "create"), body: fileBlobStore,
		nullBody: nullRequest(class+"CreateRequest", toConfiguration)}, a.createFileBlobStore)
	a.on(route{method: "GET", path: "/blobstores/file/{name}", need: may("blobstores", "read")}, a.getFileBlobStore)
	a.onBody(route{method: "PUT", path: "/blobstores/file/{name}", need: may("blobstores", "update"), body: fileBlobStoreUpdate,
		nullBody: nullRequest(class+"UpdateRequest", toConfiguration)}, a.updateFileBlobStore)
	a.on(route{method: "DELETE", path: "/blobstores/{name}", need: may("blobstores", "delete")}, a.deleteBlobStore)
	a.on(route{method: "GET", path: "/blobstores/{name}/quota-status", need: may("blobstores", "read")}, a.quotaStatus)
	a.s3Routes()
	a.cloudRoutes()
	a.blobGroupRoutes()
}

func (a *API) listBlobStores(*call) (answer, error) {
	list := []map[string]any{}
	for _, record := range a.Blobs.All() {
		metrics := a.Blobs.Metrics(record.Name)
		list = append(list, map[string]any{
			"softQuota": record.Quota, "name": record.Name, "type": record.Type, "unavailable": false,
			"blobCount": metrics.Count, "totalSizeInBytes": metrics.Size, "availableSpaceInBytes": a.Blobs.Available(record),
		})
	}
	return ok(list), nil
}

func (a *API) createFileBlobStore(_ *call, body schema.Values) (answer, error) {
	if _, taken := a.Blobs.Find(body.String("name")); taken {
		return answer{}, storeError(blobstore.ErrNameTaken, blobstore.Record{})
	}
	quota, err := quotaOf(body)
	if err != nil {
		return answer{}, err
	}
	record := blobstore.Record{Name: body.String("name"), Type: blobstore.File, Path: body.String("path"), Quota: quota}
	return orDone(storeError(a.Blobs.Create(record), record))
}

func storeError(err error, record blobstore.Record) error {
	switch {
	case errors.Is(err, blobstore.ErrNameTaken):
		return problem.Violation("name", "Name is already used, must be unique (ignoring case)")
	case errors.Is(err, blobstore.ErrPathTaken):
		return problem.Violation("*", "A file blob store must have a unique path and cannot be nested in the path of another: %s", record.Path)
	case errors.Is(err, blobstore.ErrNotWritable):
		return problem.Violation("*", "Blob store could not be written to path %s", record.Path)
	}
	return err
}

func quotaOf(body schema.Values) (*blobstore.Quota, error) {
	part := body.Part("softQuota")
	if part == nil {
		return nil, nil
	}
	if part["type"] == nil {
		quota := &blobstore.Quota{Limit: -1}
		if part["limit"] != nil {
			quota.Limit = part.Int("limit")
		}
		return quota, nil
	}
	name := map[string]string{blobstore.SpaceUsed: "Space Used", blobstore.SpaceRemaining: "Space Remaining"}[part.String("type")]
	if name == "" {
		return nil, problem.Violation("*", "To enable Soft Quota, you must select a Type of Quota")
	}
	if part.Int("limit") <= 0 {
		return nil, problem.Violation("*", "%s quotas must have a Quota Limit greater than 0", name)
	}
	return &blobstore.Quota{Type: part.String("type"), Limit: part.Int("limit")}, nil
}

func (a *API) fileStore(c *call) (blobstore.Record, error) {
	record, exists := a.Blobs.Get(c.param("name"))
	if !exists {
		return record, &problem.Message{Status: http.StatusNotFound, Text: "Unable to find File '" + c.param("name") + "' blobstore", Bare: true}
	}
	if record.Type != blobstore.File {
		return record, problem.Refuse("%s is not a File blob store.", record.Name)
	}
	return record, nil
}

func (a *API) getFileBlobStore(c *call) (answer, error) {
	record, err := a.fileStore(c)
	return ok(map[string]any{"softQuota": record.Quota, "path": record.Path}), err
}

func (a *API) updateFileBlobStore(c *call, body schema.Values) (answer, error) {
	record, err := a.fileStore(c)
	if err != nil {
		return answer{}, err
	}
	if record.Quota, err = quotaOf(body); err != nil {
		return answer{}, err
	}
	record.Path = body.String("path")
	return orDone(storeError(a.Blobs.Update(record), record))
}

func (a *API) deleteBlobStore(c *call) (answer, error) {
	name := c.param("name")
	record, exists := a.Blobs.Find(name)
	switch {
	case !exists:
		return answer{}, &problem.Message{Status: http.StatusNotFound, Text: "Unable to find  '" + name + "' blobstore", Bare: true}
	case record.Name == "default" || a.Repositories.BlobStoreInUse(name) || a.Blobs.GroupOf(name) != "":
		return answer{}, problem.Refuse("BlobStore %s is in use and cannot be deleted", name)
	case record.Name != name:
		return answer{}, &problem.Fault{Class: "java.lang.IllegalStateException", Message: "Missing BlobStore: " + name}
	}
	return orDone(a.Blobs.Delete(name))
}

func (a *API) quotaStatus(c *call) (answer, error) {
	record, exists := a.Blobs.Get(c.param("name"))
	if !exists {
		return answer{}, notFound
	}
	violation, message := false, fmt.Sprintf("Blob store %s has no quota", record.Name)
	if record.Quota != nil && record.Quota.Type != "" {
		limit := humanSize(record.Quota.Limit)
		if used := a.Blobs.Metrics(record.Name).Size; record.Quota.Type == blobstore.SpaceUsed {
			violation = used > record.Quota.Limit
			message = fmt.Sprintf("Blob store %s is using %s space and has a limit of %s", record.Name, humanSize(used), limit)
		} else {
			left := a.Blobs.Available(record)
			violation = left < record.Quota.Limit
			message = fmt.Sprintf("Blob store %s is limited to having %s available space, and has %s space remaining", record.Name, limit, humanSize(left))
		}
	}
	return ok(map[string]any{"isViolation": violation, "message": message, "blobStoreName": record.Name}), nil
}

func humanSize(n int64) string {
	size, unit := float64(n), 0
	units := []string{"B", "KB", "MB", "GB", "TB", "PB", "EB"}
	for size >= 1000 && unit < len(units)-1 {
		size /= 1000
		unit++
	}
	return fmt.Sprintf("%.2f %s", size, units[unit])
}
