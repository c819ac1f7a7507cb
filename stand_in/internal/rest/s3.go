package rest

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

const s3Model = "org.sonatype.nexus.blobstore.s3.rest.internal.model.S3BlobStoreApi"

var s3BlobStore = &schema.Object{Class: s3Model + "Model", Fields: []schema.Field{
	{Name: "name", Rule: schema.NotNull},
	{Name: "softQuota", Kind: schema.Part, Part: softQuota},
	{Name: "bucketConfiguration", Kind: schema.Part, Rule: schema.NotNull, Part: &schema.Object{Class: s3Model + "BucketConfiguration", Fields: []schema.Field{
		{Name: "bucket", Kind: schema.Part, Rule: schema.NotNull, Part: &schema.Object{Class: s3Model + "Bucket", Fields: []schema.Field{
			{Name: "region", Rule: schema.NotNull}, {Name: "name", Rule: schema.NotNull}, {Name: "prefix"},
			{Name: "expiration", Kind: schema.Int, Rule: schema.NotNull, Until: 78},
		}}},
		{Name: "bucketSecurity", Kind: schema.Part, Part: &schema.Object{Class: s3Model + "BucketSecurity", Fields: []schema.Field{
			{Name: "accessKeyId"}, {Name: "secretAccessKey", Secret: true}, {Name: "role"}, {Name: "sessionToken", Secret: true},
		}}},
		{Name: "encryption", Kind: schema.Part, Part: &schema.Object{Class: s3Model + "Encryption", Fields: []schema.Field{
			{Name: "encryptionType"}, {Name: "encryptionKey"},
		}}},
		{Name: "advancedBucketConnection", Kind: schema.Part, Part: &schema.Object{Class: s3Model + "AdvancedBucketConnection", Fields: []schema.Field{
			{Name: "endpoint"}, {Name: "signerType"}, {Name: "forcePathStyle", Kind: schema.Bool}, {Name: "maxConnectionPoolSize", Kind: schema.Int},
		}}},
		{Name: "failoverBuckets", Kind: schema.PartList, Since: 78, Part: &schema.Object{Class: s3Model + "FailoverBucket", Fields: []schema.Field{
			{Name: "region", Rule: schema.NotBlank}, {Name: "bucketName", Rule: schema.NotBlank},
		}}},
		{Name: "activeRegion", Since: 78}, {Name: "preSignedUrlEnabled", Kind: schema.Bool, Since: 78},
	}}},
}}

func (a *API) s3Routes() {
	body := s3BlobStore.Without(a.Minor)
	a.onBody(route{method: "POST", path: "/blobstores/s3", need: may("blobstores", "create"), body: body}, a.createS3)
	a.on(route{method: "GET", path: "/blobstores/s3/{name}", need: may("blobstores", "read")}, func(c *call) (answer, error) {
		record, err := a.s3Store(c.param("name"))
		if err != nil {
			return answer{}, err
		}
		return ok(a.showCloudStore(record, body)), nil
	})
	a.onBody(route{method: "PUT", path: "/blobstores/s3/{name}", need: may("blobstores", "update"), body: body}, func(c *call, values schema.Values) (answer, error) {
		return a.updateS3(c.param("name"), values, body)
	})
}

// createS3 rejects every bucket without --unreached-blob-stores: with the message of the real server if that would reject it
// too, else because the stand-in stores content in files only.
func (a *API) createS3(_ *call, body schema.Values) (answer, error) {
	if _, err := quotaOf(body); err != nil {
		return answer{}, &problem.Text{Status: 400, Message: "To enable Soft Quota, you must select a Type of Quota"}
	}
	if a.UnreachedBlobStores {
		return a.createUnreached(blobstore.S3, body)
	}
	configuration := body.Part("bucketConfiguration")
	return answer{}, &problem.Text{Status: 400, Message: fmt.Sprintf("Unable to initialize blob store bucket: %s, Cause: %s",
		configuration.Part("bucket").String("name"), bucketFault(configuration))}
}

func bucketFault(configuration schema.Values) string {
	switch kind := configuration.Part("encryption").String("encryptionType"); kind {
	case "", "s3ManagedEncryption", "kmsManagedEncryption":
	default:
		return "Failed to find encrypter for id:" + kind
	}
	connection := configuration.Part("advancedBucketConnection")
	switch signer := connection.String("signerType"); signer {
	case "", "DEFAULT", "S3SignerType", "AWSS3V4SignerType":
	default:
		return "unknown signer type: " + signer
	}
	endpoint := connection.String("endpoint")
	if i := strings.IndexAny(endpoint, " \t"); i >= 0 && !strings.Contains(endpoint, "://") {
		return "java.net.URISyntaxException: Illegal character in authority at index 8: https://" + endpoint
	}
	parsed, err := url.Parse(endpoint)
	if err != nil || parsed.Host == "" {
		return "Unable to execute HTTP request: no endpoint that can be reached"
	}
	connected, err := net.DialTimeout("tcp", parsed.Host, 5*time.Second)
	if err != nil {
		return fmt.Sprintf("Unable to execute HTTP request: Connect to %s [/%s] failed: Connection refused", parsed.Host, parsed.Hostname())
	}
	connected.Close()
	return "this stand-in for Nexus keeps content in file blob stores only"
}

func (a *API) s3Store(name string) (blobstore.Record, error) {
	record, exists := a.Blobs.Get(name)
	switch {
	case !exists:
		return record, &problem.Message{Status: 404, Text: "Unable to find S3 '" + name + "' blobstore", Bare: true}
	case record.Type != blobstore.S3:
		return record, problem.Refuse("%s is not an S3 blob store.", record.Name)
	}
	return record, nil
}

func (a *API) updateS3(name string, values schema.Values, body *schema.Object) (answer, error) {
	var found problem.Violations
	record, exists := a.Blobs.Get(name)
	if !exists {
		found = append(found, schema.Violation{ID: "name", Message: "No S3 blob store called '" + name + "'"})
	} else if record.Type != blobstore.S3 {
		found = append(found, schema.Violation{ID: "*", Message: "Blob store " + name + " is not an S3 blob store"})
	}
	if values.String("name") != name {
		found = append(found, schema.Violation{ID: "name", Message: "Renaming an S3 blob store name is not supported"})
	}
	if found != nil {
		return answer{}, found
	}
	return a.updateUnreached(record, values, body)
}
