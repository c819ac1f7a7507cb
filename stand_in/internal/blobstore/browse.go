package blobstore

import (
	"bytes"
	"encoding/json"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/database"
)

// List visits assets by path.
func (a *Assets) List(prefix string, visit func(*content.Asset) bool) error {
	return a.view(func(b *buckets) {
		cursor := b.assets.Cursor()
		start := []byte(prefix)
		for key, data := cursor.Seek(start); key != nil && bytes.HasPrefix(key, start); key, data = cursor.Next() {
			asset := &content.Asset{}
			if json.Unmarshal(data, asset) == nil && !visit(asset) {
				return
			}
		}
	})
}

// AssetsAfter visits the assets with a higher number, in the order of their creation.
func (a *Assets) AssetsAfter(number uint64, visit func(*content.Asset) bool) error {
	return a.view(func(b *buckets) {
		cursor := b.order.Cursor()
		for key, path := cursor.Seek(database.SequenceKey(number + 1)); key != nil; key, path = cursor.Next() {
			if asset := b.asset(string(path)); asset != nil && !visit(asset) {
				return
			}
		}
	})
}

// ComponentsAfter visits the components with a higher number, in the order of their creation.
func (a *Assets) ComponentsAfter(number uint64, visit func(Component, []*content.Asset) bool) error {
	return a.view(func(b *buckets) {
		cursor := b.components.Cursor()
		for key, data := cursor.Seek(database.SequenceKey(number + 1)); key != nil; key, data = cursor.Next() {
			var component Component
			if json.Unmarshal(data, &component) == nil && !visit(component, b.assetsOf(component.Number)) {
				return
			}
		}
	})
}

// AssetNumbered finds an asset by its number.
func (a *Assets) AssetNumbered(number uint64) (found *content.Asset) {
	a.view(func(b *buckets) {
		if path := b.order.Get(database.SequenceKey(number)); path != nil {
			found = b.asset(string(path))
		}
	})
	return found
}

// ComponentNumbered finds a component by its number.
func (a *Assets) ComponentNumbered(number uint64) (found *Component, assets []*content.Asset) {
	a.view(func(b *buckets) {
		data := b.components.Get(database.SequenceKey(number))
		if data == nil {
			return
		}
		found = &Component{}
		json.Unmarshal(data, found)
		assets = b.assetsOf(number)
	})
	return found, assets
}

func (b *buckets) assetsOf(component uint64) []*content.Asset {
	assets := []*content.Asset{}
	prefix := database.SequenceKey(component)
	cursor := b.members.Cursor()
	for key, path := cursor.Seek(prefix); key != nil && bytes.HasPrefix(key, prefix); key, path = cursor.Next() {
		if asset := b.asset(string(path)); asset != nil {
			assets = append(assets, asset)
		}
	}
	return assets
}
