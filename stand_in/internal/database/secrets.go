package database

import (
	"bytes"
	"log/slog"

	"go.etcd.io/bbolt"

	"repository-store/nexus-stand-in/internal/secrets"
)

func (d *Database) encrypted(record []byte) ([]byte, error) {
	changed, _, err := secrets.Change(record, d.Secrets.Encrypt)
	return changed, err
}

// decrypted leaves secrets encrypted whose key is not there: like the real server, this one starts without them.
func (d *Database) decrypted(record []byte) ([]byte, error) {
	changed, _, err := secrets.Change(record, func(text string) (string, error) {
		plain, err := d.Secrets.Decrypt(text)
		if err != nil {
			slog.Error("a stored secret is lost", "error", err)
			return text, nil
		}
		return plain, nil
	})
	return changed, err
}

// ReEncrypt encrypts all secrets with a key of the key file, and has it used from now on.
func (d *Database) ReEncrypt(id string) error {
	before, err := d.Secrets.Active()
	if err != nil {
		return err
	}
	if err = d.bolt.Update(func(tx *bbolt.Tx) error {
		d.Secrets.Activate(id) // within the transaction: no record is written with the former key after it
		return d.eachRecord(tx, func(bucket *bbolt.Bucket, key, record []byte) error {
			plain, err := d.decrypted(record)
			if err != nil {
				return err
			}
			fresh, err := d.encrypted(plain)
			if err != nil || bytes.Equal(plain, fresh) {
				return err
			}
			return bucket.Put(key, fresh)
		})
	}); err != nil {
		d.Secrets.Activate(before)
	}
	return err
}

// HasOtherKey reports whether a secret is encrypted with another key than the active one. Without one nothing is wrong.
func (d *Database) HasOtherKey() (found bool, err error) {
	active, err := d.Secrets.Active()
	if err != nil || active == "" {
		return false, err
	}
	return found, d.bolt.View(func(tx *bbolt.Tx) error {
		return d.eachRecord(tx, func(_ *bbolt.Bucket, _, record []byte) error {
			_, _, err := secrets.Change(record, func(text string) (string, error) {
				id, encrypted := secrets.KeyOf(text)
				found = found || encrypted && id != active
				return text, nil
			})
			return err
		})
	})
}

func (d *Database) eachRecord(tx *bbolt.Tx, visit func(bucket *bbolt.Bucket, key, record []byte) error) error {
	for _, name := range d.buckets {
		bucket := tx.Bucket([]byte(name))
		records := map[string][]byte{} // bbolt's ForEach must not change the bucket
		err := bucket.ForEach(func(key, record []byte) error {
			records[string(key)] = bytes.Clone(record)
			return nil
		})
		for key, record := range records {
			if err == nil {
				err = visit(bucket, []byte(key), record)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
