package blobstore

import (
	"encoding/binary"
	"encoding/json"
	"strings"

	"go.etcd.io/bbolt"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/database"
)

// Component is a stored component.
type Component struct {
	Number      uint64              `json:"number"`
	Coordinates content.Coordinates `json:"coordinates"`
}

// buckets are the records of one repository inside a transaction. Numbers are unique over all repositories.
type buckets struct {
	tx         *bbolt.Tx
	assets     *bbolt.Bucket // path -> asset
	order      *bbolt.Bucket // number of the asset -> path
	components *bbolt.Bucket // number of the component -> component
	names      *bbolt.Bucket // coordinates -> number of the component
	members    *bbolt.Bucket // number of the component, number of the asset -> path
}

var bucketNames = []string{"assets", "order", "components", "names", "members"}

func (a *Assets) update(change func(*buckets) error) error {
	return a.manager.database.Bolt().Update(func(tx *bbolt.Tx) error {
		parent, err := tx.CreateBucketIfNotExists([]byte(a.bucketName()))
		if err != nil {
			return err
		}
		for _, name := range bucketNames {
			if _, err := parent.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		return change(openBuckets(tx, parent))
	})
}

func (a *Assets) view(read func(*buckets)) error {
	return a.manager.database.Bolt().View(func(tx *bbolt.Tx) error {
		if parent := tx.Bucket([]byte(a.bucketName())); parent != nil {
			read(openBuckets(tx, parent))
		}
		return nil
	})
}

func openBuckets(tx *bbolt.Tx, parent *bbolt.Bucket) *buckets {
	open := func(i int) *bbolt.Bucket { return parent.Bucket([]byte(bucketNames[i])) }
	return &buckets{tx: tx, assets: open(0), order: open(1), components: open(2), names: open(3), members: open(4)}
}

func (b *buckets) asset(path string) *content.Asset {
	data := b.assets.Get([]byte(path))
	if data == nil {
		return nil
	}
	asset := &content.Asset{}
	if json.Unmarshal(data, asset) != nil {
		return nil
	}
	return asset
}

func (b *buckets) putAsset(asset *content.Asset) error {
	data, err := json.Marshal(asset)
	if err != nil {
		return err
	}
	return b.assets.Put([]byte(asset.Path), data)
}

// record stores an asset and returns the blob that it replaces.
func (a *Assets) record(asset *content.Asset) (replaced string, err error) {
	err = a.update(func(b *buckets) error {
		if old := b.asset(asset.Path); old != nil {
			replaced = old.Blob
			asset.Number, asset.LastDownloaded = old.Number, old.LastDownloaded
			if old.Coordinates == asset.Coordinates {
				asset.Component = old.Component
				return b.putAsset(asset)
			}
			if err := b.leave(old); err != nil {
				return err
			}
		} else if asset.Number, err = a.nextNumber(b.tx); err != nil {
			return err
		}
		if err := b.order.Put(database.SequenceKey(asset.Number), []byte(asset.Path)); err != nil {
			return err
		}
		if err := a.join(b, asset); err != nil {
			return err
		}
		return b.putAsset(asset)
	})
	return replaced, err
}

func (a *Assets) nextNumber(tx *bbolt.Tx) (uint64, error) {
	numbers, err := tx.CreateBucketIfNotExists([]byte("content-numbers"))
	if err != nil {
		return 0, err
	}
	return numbers.NextSequence()
}

// join adds an asset to its component.
func (a *Assets) join(b *buckets, asset *content.Asset) (err error) {
	asset.Component = 0
	if asset.Coordinates.Name == "" {
		return nil
	}
	if asset.Component, err = a.component(b, asset.Coordinates); err != nil {
		return err
	}
	return b.members.Put(memberKey(asset.Component, asset.Number), []byte(asset.Path))
}

// component returns the number of a component, creating the component if it is missing.
func (a *Assets) component(b *buckets, coordinates content.Coordinates) (uint64, error) {
	key := coordinatesKey(coordinates)
	if known := b.names.Get(key); known != nil {
		return binary.BigEndian.Uint64(known), nil
	}
	number, err := a.nextNumber(b.tx)
	if err != nil {
		return 0, err
	}
	data, err := json.Marshal(Component{Number: number, Coordinates: coordinates})
	if err != nil {
		return 0, err
	}
	if err := b.components.Put(database.SequenceKey(number), data); err != nil {
		return 0, err
	}
	return number, b.names.Put(key, database.SequenceKey(number))
}

// AddComponent creates the component of a path without an asset.
func (a *Assets) AddComponent(path string) error {
	coordinates := a.coordinates(path)
	if coordinates.Name == "" {
		return nil
	}
	return a.update(func(b *buckets) error {
		_, err := a.component(b, coordinates)
		return err
	})
}

// leave removes an asset from its component, and the component when it is empty.
func (b *buckets) leave(asset *content.Asset) error {
	if asset.Component == 0 {
		return nil
	}
	if err := b.members.Delete(memberKey(asset.Component, asset.Number)); err != nil {
		return err
	}
	prefix := database.SequenceKey(asset.Component)
	if key, _ := b.members.Cursor().Seek(prefix); key != nil && strings.HasPrefix(string(key), string(prefix)) {
		return nil
	}
	if err := b.components.Delete(prefix); err != nil {
		return err
	}
	return b.names.Delete(coordinatesKey(asset.Coordinates))
}

func (b *buckets) remove(asset *content.Asset) error {
	if err := b.leave(asset); err != nil {
		return err
	}
	if err := b.order.Delete(database.SequenceKey(asset.Number)); err != nil {
		return err
	}
	return b.assets.Delete([]byte(asset.Path))
}

func coordinatesKey(c content.Coordinates) []byte {
	return []byte(c.Group + "\x00" + c.Name + "\x00" + c.Version)
}

func memberKey(component, asset uint64) []byte {
	return append(database.SequenceKey(component), database.SequenceKey(asset)...)
}
