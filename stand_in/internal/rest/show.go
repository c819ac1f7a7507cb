package rest

import (
	"maps"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/repositories"
)

func showComponent(c *call, record *repositories.Record, component blobstore.Component, assets []*content.Asset) map[string]any {
	shown := make([]map[string]any, 0, len(assets))
	for _, asset := range assets {
		shown = append(shown, showAsset(c, record, asset))
	}
	coordinates := component.Coordinates
	return map[string]any{
		"id": storedID(record.Name, component.Number), "repository": record.Name, "format": record.Format,
		"group": groupOf(record, coordinates), "name": coordinates.Name, "version": coordinates.Version, "assets": shown,
	}
}

// groupOf is the group of a component, null for formats without groups.
func groupOf(record *repositories.Record, coordinates content.Coordinates) any {
	if coordinates.Group == "" && record.Format != "raw" {
		return nil
	}
	return coordinates.Group
}

func showAsset(c *call, record *repositories.Record, asset *content.Asset) map[string]any {
	attributes := map[string]any{}
	if record.Format == "maven2" {
		for name, value := range asset.Attributes {
			if name != "remote.etag" {
				attributes[name] = value
			}
		}
	}
	path := "/" + asset.Path // not escaped, in the URL either
	return map[string]any{
		"downloadUrl": repositories.URL(record, c.baseURL()) + path,
		"path":        path, "id": storedID(record.Name, asset.Number), "repository": record.Name, "format": record.Format,
		"checksum":    checksums(asset),
		"contentType": asset.ContentType, "lastModified": asset.LastModified.Format(timestamp), "lastDownloaded": when(asset.LastDownloaded),
		"uploader": textOrNull(asset.Uploader), "uploaderIp": textOrNull(asset.UploaderIP), "fileSize": asset.Size,
		"blobCreated": asset.BlobCreated.Format(timestamp), "blobStoreName": nil, record.Format: attributes,
	}
}

func checksums(asset *content.Asset) map[string]string {
	known := map[string]string{"sha1": asset.SHA1, "sha256": asset.SHA256, "sha512": asset.SHA512, "md5": asset.MD5}
	maps.DeleteFunc(known, func(_, sum string) bool { return sum == "" })
	return known
}
