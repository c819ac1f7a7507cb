package database

import (
	"encoding/json"
	"sort"
	"sync"

	"go.etcd.io/bbolt"
)

// Collection is a set of named records of one type, in the order of their creation.
type Collection[T any] struct {
	database *Database
	bucket   string
	mutex    sync.RWMutex
	entries  map[string]entry[T]
	order    []string
}

// NewCollection reads a bucket.
func NewCollection[T any](d *Database, bucket string) (*Collection[T], error) {
	c := &Collection[T]{database: d, bucket: bucket, entries: map[string]entry[T]{}}
	err := load(d, bucket, func(key string, e entry[T]) {
		c.entries[key] = e
		c.order = append(c.order, key)
	})
	sort.Slice(c.order, func(i, j int) bool {
		return c.entries[c.order[i]].Sequence < c.entries[c.order[j]].Sequence
	})
	return c, err
}

// Get returns a record.
func (c *Collection[T]) Get(key string) (T, bool) {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	e, ok := c.entries[key]
	return e.Value, ok
}

// All returns the records in the order of their creation.
func (c *Collection[T]) All() []T {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	all := make([]T, 0, len(c.order))
	for _, key := range c.order {
		all = append(all, c.entries[key].Value)
	}
	return all
}

// Find returns the first record for which fits returns true.
func (c *Collection[T]) Find(fits func(T) bool) (T, bool) {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	for _, key := range c.order {
		if fits(c.entries[key].Value) {
			return c.entries[key].Value, true
		}
	}
	var none T
	return none, false
}

// Insert adds a record; it returns false if the key is taken.
func (c *Collection[T]) Insert(key string, value T) (bool, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, taken := c.entries[key]; taken {
		return false, nil
	}
	return true, c.store(key, value)
}

// Put adds a record, or replaces it without changing the order.
func (c *Collection[T]) Put(key string, value T) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.store(key, value)
}

// Delete removes a record and reports whether it existed.
func (c *Collection[T]) Delete(key string) (bool, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, ok := c.entries[key]; !ok {
		return false, nil
	}
	err := c.database.bolt.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(c.bucket)).Delete([]byte(key))
	})
	if err != nil {
		return true, err
	}
	delete(c.entries, key)
	for i, other := range c.order {
		if other == key {
			c.order = append(c.order[:i:i], c.order[i+1:]...)
			break
		}
	}
	return true, nil
}

func (c *Collection[T]) store(key string, value T) error {
	e, exists := c.entries[key]
	e.Value = value
	err := c.database.bolt.Update(func(tx *bbolt.Tx) (err error) {
		if !exists {
			if e.Sequence, err = c.database.nextSequence(tx, c.bucket); err != nil {
				return err
			}
		}
		data, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if data, err = c.database.encrypted(data); err != nil {
			return err
		}
		return tx.Bucket([]byte(c.bucket)).Put([]byte(key), data)
	})
	if err != nil {
		return err
	}
	c.entries[key] = e
	if !exists {
		c.order = append(c.order, key)
	}
	return nil
}
