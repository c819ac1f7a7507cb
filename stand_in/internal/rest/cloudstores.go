package rest

import (
	"net/http"
	"regexp"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

var containerName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{2,62}$`)

var (
	azureBlobStore = cloudBody("Azure", schema.Field{Name: "bucketConfiguration", Kind: schema.Part, Rule: schema.NotNull,
		Part: &schema.Object{Class: "AzureBlobStoreApiBucketConfiguration", Fields: []schema.Field{
			{Name: "accountName", Rule: schema.NotBlank},
			{Name: "containerName", Rule: schema.NotBlank, Checks: []schema.Check{func(value any) string {
				if text, ok := value.(string); ok && !containerName.MatchString(text) {
					return `must match "` + containerName.String() + `"`
				}
				return ""
			}}},
			{Name: "preSignedUrlEnabled", Kind: schema.Bool, Since: 97},
			{Name: "authentication", Kind: schema.Part, Rule: schema.NotNull, Part: &schema.Object{Class: "AzureBlobStoreApiAuthentication", Fields: []schema.Field{
				{Name: "authenticationMethod", Kind: schema.Enum, Rule: schema.NotNull, Class: "AuthenticationMethod",
					Enum: []string{"ACCOUNTKEY", "MANAGEDIDENTITY", "ENVIRONMENTVARIABLE"}},
				{Name: "accountKey", Secret: true},
			}}},
		}}})
	googleSecurity = &schema.Object{Class: "GoogleCloudBlobStoreApiBucketAuthentication", Fields: []schema.Field{
		{Name: "authenticationMethod", Kind: schema.Enum, Rule: schema.NotNull, Class: "AuthenticationMethod", Enum: []string{"applicationDefault", "accountKey"}},
		{Name: "accountKey", Secret: true},
	}}
	googleBlobStore = cloudBody("GoogleCloud", schema.Field{Name: "bucketConfiguration", Kind: schema.Part, Rule: schema.NotNull,
		Part: &schema.Object{Class: "GoogleCloudBlobStoreApiBucketConfiguration", Fields: []schema.Field{
			{Name: "bucket", Kind: schema.Part, Rule: schema.NotNull, Part: &schema.Object{Class: "GoogleCloudBlobStoreApiBucket", Fields: []schema.Field{
				{Name: "name", Rule: schema.NotBlank}, {Name: "prefix"}, {Name: "region"}, {Name: "projectId"},
			}}},
			{Name: "bucketSecurity", Kind: schema.Part, Part: googleSecurity},
			{Name: "encryption", Kind: schema.Part, Part: &schema.Object{Class: "GoogleCloudBlobStoreApiEncryption", Fields: []schema.Field{
				{Name: "encryptionType", Kind: schema.Enum, Class: "EncryptionType", Enum: []string{"default", "kmsManagedEncryption"}},
				{Name: "encryptionKey"},
			}}},
		}}})
)

func cloudBody(name string, configuration schema.Field) *schema.Object {
	return &schema.Object{Class: name + "BlobStoreApiModel", Fields: []schema.Field{
		{Name: "name", Rule: schema.NotBlank, Checks: []schema.Check{schema.WellFormedName}},
		{Name: "softQuota", Kind: schema.Part, Part: softQuota},
		configuration,
	}}
}

// cloudRoutes are about cloud blob stores. Like the real server, the stand-in would have to reach the cloud to create one,
// so creation fails; with --unreached-blob-stores it stores the settings.
func (a *API) cloudRoutes() {
	a.cloudStore("azure", blobstore.Azure, azureBlobStore.Without(a.Minor))
	a.cloudStore("google", blobstore.Google, googleBlobStore)
	a.on(route{method: "POST", path: "/azureblobstore/test-connection", need: may("blobstores", "create"), since: afterCore},
		func(*call) (answer, error) { return answer{}, problem.Status(http.StatusBadRequest) }) // the cloud cannot be reached
}

func (a *API) cloudStore(name, kind string, body *schema.Object) {
	path := "/blobstores/" + name
	a.onBody(route{method: "POST", path: path, need: may("blobstores", "create"), body: body, since: afterCore}, func(_ *call, values schema.Values) (answer, error) {
		return a.createUnreached(kind, values)
	})
	a.on(route{method: "GET", path: path + "/{name}", need: may("blobstores", "read"), since: afterCore}, func(c *call) (answer, error) {
		record, err := a.cloudRecord(c.param("name"), kind)
		if err != nil {
			return answer{}, err
		}
		return ok(a.showCloudStore(record, body)), nil
	})
	a.onBody(route{method: "PUT", path: path + "/{name}", need: may("blobstores", "update"), body: body, since: afterCore}, func(c *call, values schema.Values) (answer, error) {
		record, err := a.cloudRecord(c.param("name"), kind)
		if err != nil {
			return answer{}, err
		}
		return a.updateUnreached(record, values, body)
	})
}

func (a *API) cloudRecord(name, kind string) (blobstore.Record, error) {
	record, exists := a.Blobs.Get(name)
	if !exists || record.Type != kind {
		return record, &problem.Message{Status: http.StatusNotFound, Text: "Unable to find " + kind + " '" + name + "' blobstore", Bare: true}
	}
	return record, nil
}

func (a *API) showCloudStore(record blobstore.Record, body *schema.Object) map[string]any {
	values := schema.Values{"name": record.Name, "bucketConfiguration": record.Bucket}
	shown := withoutSecrets(values, body)
	shown["softQuota"] = record.Quota
	if record.Type != blobstore.Azure && a.Minor > afterCore {
		shown["type"] = record.Type
	}
	return shown
}

// createUnreached stores the settings of a cloud blob store, or rejects it without --unreached-blob-stores.
func (a *API) createUnreached(kind string, body schema.Values) (answer, error) {
	if !a.UnreachedBlobStores {
		return answer{}, &problem.Text{Status: 400, Message: "Unable to initialize blob store bucket: " + body.String("name") +
			", Cause: this stand-in for Nexus keeps content in file blob stores only"}
	}
	quota, err := quotaOf(body)
	if err != nil {
		return answer{}, err
	}
	record := blobstore.Record{Name: body.String("name"), Type: kind, Bucket: body.Part("bucketConfiguration"), Quota: quota}
	return empty(http.StatusCreated), storeError(a.Blobs.Create(record), record)
}

func (a *API) updateUnreached(record blobstore.Record, body schema.Values, object *schema.Object) (answer, error) {
	if body.String("name") != record.Name {
		return answer{}, problem.Violation("name", "Renaming a blob store is not supported")
	}
	quota, err := quotaOf(body)
	if err != nil {
		return answer{}, err
	}
	keepSecrets(body, schema.Values{"bucketConfiguration": record.Bucket}, object)
	record.Bucket, record.Quota = body.Part("bucketConfiguration"), quota
	return orDone(a.Blobs.Update(record))
}
