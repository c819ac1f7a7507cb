// Package database keeps the configuration and the asset records in one bbolt file under the data directory.
// Configuration is also held in memory: reads never touch the disk, and a write is on disk before it becomes visible.
package database

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"repository-store/nexus-stand-in/internal/secrets"
)

// Database is the open file. Secrets are encrypted in it, and in plain text in memory.
type Database struct {
	bolt    *bbolt.DB
	Secrets *secrets.Keeper
	buckets []string // of configuration
}

// Open opens or creates the file below the data directory; keyFile has the keys for its secrets.
func Open(dataDir, keyFile string) (*Database, error) {
	folder := filepath.Join(dataDir, "db")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "nexus.db")
	bolt, err := bbolt.Open(file, 0o600, &bbolt.Options{Timeout: 2 * time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened (%w): does another server use this data directory?", file, err)
	}
	return &Database{bolt: bolt, Secrets: secrets.NewKeeper(keyFile)}, nil
}

// Close closes the file.
func (d *Database) Close() error { return d.bolt.Close() }

// Bolt gives access to the file itself, for the asset records.
func (d *Database) Bolt() *bbolt.DB { return d.bolt }

type entry[T any] struct {
	Sequence uint64 `json:"sequence"`
	Value    T      `json:"value"`
}

// load reads a bucket, creating it if it is missing.
func load[T any](d *Database, bucket string, visit func(key string, e entry[T])) error {
	d.buckets = append(d.buckets, bucket)
	return d.bolt.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(bucket))
		if err != nil {
			return err
		}
		return b.ForEach(func(key, data []byte) error {
			var e entry[T]
			plain, err := d.decrypted(data)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(plain, &e); err != nil {
				return fmt.Errorf("record %q in %s: %w", key, bucket, err)
			}
			visit(string(key), e)
			return nil
		})
	})
}

func (d *Database) nextSequence(tx *bbolt.Tx, bucket string) (uint64, error) {
	return tx.Bucket([]byte(bucket)).NextSequence()
}

// SequenceKey is a key that sorts by number.
func SequenceKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
