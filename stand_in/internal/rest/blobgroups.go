package rest

import (
	"net/http"
	"slices"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

var blobGroup = &schema.Object{Class: "GroupBlobStoreApiCreateRequest", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotEmpty, Missing: "Name is required"},
	{Name: "members", Kind: schema.TextList},
	{Name: "fillPolicy", Rule: schema.NotNull, Checks: []schema.Check{schema.OneOf("roundRobin", "writeToFirst")}},
	{Name: "softQuota", Kind: schema.Part, Part: softQuota},
}}

func (a *API) blobGroupRoutes() {
	const path = "/blobstores/group"
	update := &schema.Object{Class: "GroupBlobStoreApiUpdateRequest", Fields: blobGroup.Fields[1:]}
	a.onBody(route{method: "POST", path: path, need: may("blobstores", "create"), body: blobGroup, since: afterCore}, a.createBlobGroup)
	a.on(route{method: "GET", path: path + "/{name}", need: may("blobstores", "read"), since: afterCore}, func(c *call) (answer, error) {
		record, err := a.blobGroup(c.param("name"))
		return ok(showBlobGroup(record)), err
	})
	a.onBody(route{method: "PUT", path: path + "/{name}", need: may("blobstores", "update"), body: update, since: afterCore}, a.updateBlobGroup)
	a.on(route{method: "POST", path: path + "/convert/{name}/{original}", need: may("blobstores", "update"), since: afterCore}, a.convertBlobStore)
}

func showBlobGroup(record blobstore.Record) map[string]any {
	return map[string]any{"members": record.Members, "fillPolicy": record.FillPolicy, "softQuota": record.Quota}
}

func (a *API) blobGroup(name string) (blobstore.Record, error) {
	record, exists := a.Blobs.Get(name)
	switch {
	case !exists:
		return record, &problem.Message{Status: http.StatusNotFound, Text: "Unable to find Group '" + name + "' blobstore", Bare: true}
	case record.Type != blobstore.Group:
		return record, problem.Refuse("%s is not a Group blob store.", name)
	}
	return record, nil
}

// fillBlobGroup copies the settings of a group from a request and validates the members.
func (a *API) fillBlobGroup(record *blobstore.Record, body schema.Values) (err error) {
	record.Members, record.FillPolicy = body.Strings("members"), body.String("fillPolicy")
	if len(record.Members) == 0 {
		return problem.Violation("members", "Blob Store '%s' cannot be empty", record.Name)
	}
	for _, name := range record.Members {
		member, exists := a.Blobs.Get(name)
		group := a.Blobs.GroupOf(name)
		switch {
		case !exists:
			return problem.Violation("members", "Blob Store '%s' does not exist", name)
		case member.Type == blobstore.Group:
			return problem.Violation("members", "Blob Store '%s' is a group and cannot be a member of one", name)
		case group != "" && group != record.Name:
			return problem.Violation("members", "Blob Store '%s' is already a member of Blob Store Group '%s'", name, group)
		case a.Repositories.BlobStoreInUse(name):
			return problem.Violation("members", "Blob Store '%s' is set as storage for repositories", name)
		}
	}
	record.Quota, err = quotaOf(body)
	return err
}

func (a *API) createBlobGroup(_ *call, body schema.Values) (answer, error) {
	record := blobstore.Record{Name: body.String("name"), Type: blobstore.Group}
	if err := a.fillBlobGroup(&record, body); err != nil {
		return answer{}, err
	}
	return orDone(storeError(a.Blobs.Create(record), record))
}

func (a *API) updateBlobGroup(c *call, body schema.Values) (answer, error) {
	record, err := a.blobGroup(c.param("name"))
	if err != nil {
		return answer{}, err
	}
	before := slices.Clone(record.Members)
	if err := a.fillBlobGroup(&record, body); err != nil {
		return answer{}, err
	}
	for _, name := range before {
		if !slices.Contains(record.Members, name) && a.Blobs.Metrics(name).Count > 0 {
			return answer{}, problem.Violation("members", "Blob Store '%s' must be empty to be removed", name)
		}
	}
	return orDone(a.Blobs.Update(record))
}

// convertBlobStore renames a blob store and creates a group under its old name, with it as the first member.
func (a *API) convertBlobStore(c *call) (answer, error) {
	name, original := c.param("name"), c.param("original")
	record, exists := a.Blobs.Get(name)
	_, taken := a.Blobs.Find(original)
	switch {
	case !exists:
		return answer{}, notFound
	case record.Type == blobstore.Group || a.Blobs.GroupOf(name) != "":
		return answer{}, problem.Refuse("Blob Store '%s' is a group or a member of one", name)
	case taken:
		return answer{}, problem.Violation("name", "Name is already used, must be unique (ignoring case)")
	}
	group := blobstore.Record{Name: name, Type: blobstore.Group, Members: []string{original}, FillPolicy: "writeToFirst", Quota: record.Quota}
	return ok(showBlobGroup(group)), a.Blobs.Convert(record, original, group)
}
