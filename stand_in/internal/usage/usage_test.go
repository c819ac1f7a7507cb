package usage

import (
	"testing"
	"time"

	"repository-store/nexus-stand-in/internal/database"
)

func opened(t *testing.T, folder string, now *time.Time) *Counter {
	t.Helper()
	d, err := database.Open(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	counter, err := Open(d)
	if err != nil {
		t.Fatal(err)
	}
	counter.now = func() time.Time { return *now }
	return counter
}

func TestRequestsOfTheLastDaysAndMonths(t *testing.T) {
	now := time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)
	counter := opened(t, t.TempDir(), &now)
	counter.Request()
	counter.Request()
	now = now.Add(2 * time.Hour)
	counter.Request()
	daily := counter.Requests(Daily)
	if len(daily) != 7 || daily[5] != (Point{"2026-02-28", 2}) || daily[6] != (Point{"2026-03-01", 1}) {
		t.Error(daily)
	}
	monthly := counter.Requests(Monthly)
	if len(monthly) != 12 || monthly[10] != (Point{"2026-02", 2}) || monthly[11] != (Point{"2026-03", 1}) {
		t.Error(monthly)
	}
	now = now.AddDate(0, 0, 31)
	if months := counter.Requests(Monthly); months[9].Date != "2026-02" || months[11].Date != "2026-04" {
		t.Error(months)
	}
}

func TestDaysWithoutACountHaveTheLastCount(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	counter := opened(t, t.TempDir(), &now)
	if _, err := counter.Components(Daily, 5); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 3)
	daily, err := counter.Components(Daily, 9)
	if err != nil || daily[2].Value != 0 || daily[3].Value != 5 || daily[5].Value != 5 || daily[6].Value != 9 {
		t.Error(daily, err)
	}
	monthly, err := counter.Components(Monthly, 9)
	if err != nil || monthly[10].Value != 0 || monthly[11] != (Point{"2026-03", 9}) {
		t.Error(monthly, err)
	}
}

func TestCountsSurviveARestart(t *testing.T) {
	now, folder := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), t.TempDir()
	d, err := database.Open(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	counter, err := Open(d)
	if err != nil {
		t.Fatal(err)
	}
	counter.now = func() time.Time { return now }
	counter.Request()
	if err := counter.Write(); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if again := opened(t, folder, &now).Requests(Daily); again[6].Value != 1 {
		t.Error(again)
	}
}
