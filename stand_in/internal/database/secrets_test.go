package database

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"repository-store/nexus-stand-in/internal/schema"
)

const webhookSecret = "hmac-key-of-the-webhook"

func keyFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func open(t *testing.T, folder, keys string) (*Database, *Collection[schema.Values]) {
	t.Helper()
	d, err := Open(folder, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	collection, err := NewCollection[schema.Values](d, "capabilities")
	if err != nil {
		t.Fatal(err)
	}
	return d, collection
}

func secretOf(collection *Collection[schema.Values]) string {
	values, _ := collection.Get("one")
	return values.Part("properties").String("secret")
}

func onDisk(t *testing.T, folder string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "db", "nexus.db"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const bothKeys = `{"active": "first", "keys": [{"id": "first", "key": "0123456789abcdef"}, {"id": "second", "key": "fedcba9876543210"}]}`

func store(t *testing.T, folder, keys string) {
	t.Helper()
	d, collection := open(t, folder, keys)
	value := schema.Values{"url": "https://hook.test/", "count": int64(1) << 62, "properties": schema.Values{"secret": webhookSecret}}
	if err := collection.Put("one", value); err != nil {
		t.Fatal(err)
	}
	d.Close()
}

func TestSecretsAreEncryptedOnDiskOnly(t *testing.T) {
	for name, keys := range map[string]string{"default key": "", "key of the file": keyFile(t, bothKeys)} {
		folder := t.TempDir()
		store(t, folder, keys)
		if data := onDisk(t, folder); bytes.Contains(data, []byte(webhookSecret)) || !bytes.Contains(data, []byte("https://hook.test/")) {
			t.Errorf("%s: the file must have the address in plain text, and the secret encrypted", name)
		}
		_, collection := open(t, folder, keys)
		values, _ := collection.Get("one")
		if secretOf(collection) != webhookSecret || values["count"] != int64(1)<<62 {
			t.Errorf("%s: read back %v", name, values)
		}
	}
}

func TestWithoutItsKeyASecretIsLostAndTheServerStarts(t *testing.T) {
	folder := t.TempDir()
	store(t, folder, keyFile(t, bothKeys))
	for name, keys := range map[string]string{
		"no file": "", "another key": keyFile(t, `{"active": "first", "keys": [{"id": "first", "key": "another-key-of-the-same-id"}]}`),
	} {
		d, collection := open(t, folder, keys)
		if found := secretOf(collection); found == "" || found == webhookSecret {
			t.Errorf("%s: got %q", name, found)
		}
		values, _ := collection.Get("one")
		if values.String("url") != "https://hook.test/" {
			t.Errorf("%s: what is no secret is there", name)
		}
		if err := collection.Put("one", values); err != nil { // what cannot be read stays as it is
			t.Fatal(err)
		}
		d.Close()
	}
	if _, collection := open(t, folder, keyFile(t, bothKeys)); secretOf(collection) != webhookSecret {
		t.Error("the secret is there again with its key")
	}
}

func TestReEncryption(t *testing.T) {
	folder, keys := t.TempDir(), keyFile(t, bothKeys)
	store(t, folder, "")
	d, _ := open(t, folder, keys)
	if other, err := d.HasOtherKey(); err != nil || !other {
		t.Fatalf("the secret has the default key, the server another: got %v, %v", other, err)
	}
	if d.Secrets.Has("third") || d.Secrets.Has("") || !d.Secrets.Has("second") {
		t.Error("the file has the keys first and second")
	}
	if err := d.ReEncrypt("second"); err != nil {
		t.Fatal(err)
	}
	if other, err := d.HasOtherKey(); err != nil || other {
		t.Errorf("everything has the key second: got %v, %v", other, err)
	}
	d.Close()
	onlySecond := keyFile(t, `{"active": "second", "keys": [{"id": "second", "key": "fedcba9876543210"}]}`)
	if _, collection := open(t, folder, onlySecond); secretOf(collection) != webhookSecret {
		t.Error("the former key is no longer needed")
	}
}

func TestAnUnreadableKeyFileStopsWriting(t *testing.T) {
	_, collection := open(t, t.TempDir(), keyFile(t, "no JSON"))
	if err := collection.Put("one", schema.Values{"secret": webhookSecret}); err == nil {
		t.Error("a secret must not be stored with another key")
	}
}
