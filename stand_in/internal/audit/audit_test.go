package audit

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func opened(t *testing.T, now *time.Time, isOn *bool) (*Log, string) {
	t.Helper()
	folder := t.TempDir()
	log := New(folder, func() string { return "node" }, func() bool { return *isOn })
	log.now = func() time.Time { return *now }
	return log, filepath.Join(folder, "log", "audit")
}

func TestRecordHasTheFormatOfTheRealServer(t *testing.T) {
	now, isOn := time.Date(2026, 11, 26, 9, 57, 44, 227e6, time.UTC), true
	log, folder := opened(t, &now, &isOn)
	log.Write(Record{Initiator: "admin/10.0.0.5", Domain: "security.role", Type: "created", Context: "x"})
	isOn = false
	log.Write(Record{Domain: "never"})
	text, err := os.ReadFile(filepath.Join(folder, "audit.log"))
	if err != nil {
		t.Fatal(err)
	}
	var record Record
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err, string(text))
	}
	if record.Timestamp != "2026-11-26 09:57:44,227+0000" || record.NodeID != "node" || record.Initiator != "admin/10.0.0.5" {
		t.Error(record)
	}
}

func TestRotationCompressesEachDayAndKeepsNinety(t *testing.T) {
	now, isOn := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), true
	log, folder := opened(t, &now, &isOn)
	for range 93 {
		log.Write(Record{Context: now.Format(day)})
		now = now.AddDate(0, 0, 1)
	}
	found, err := filepath.Glob(filepath.Join(folder, "audit-*.log.gz"))
	if err != nil || len(found) != 90 || filepath.Base(found[0]) != "audit-2026-01-03.log.gz" {
		t.Fatal(found, err)
	}
	packed, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	reader, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil || !strings.Contains(string(text), `"context":"2026-01-03"`) || strings.Count(string(text), "\n") != 1 {
		t.Error(string(text), err)
	}
}
