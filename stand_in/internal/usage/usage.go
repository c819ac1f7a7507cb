// Package usage counts what the Community Edition limits: requests for content and components, by the day.
package usage

import (
	"maps"
	"sync"
	"time"

	"repository-store/nexus-stand-in/internal/database"
)

// The metrics and periods of a history.
const (
	Requests   = "requests"
	Components = "components"
	Daily      = "daily"
	Monthly    = "monthly"
)

const (
	day   = "2006-01-02"
	month = "2006-01"
	// So many requests are counted before they are written down.
	unwritten = 1000
)

// Point is the value of one day or month.
type Point struct {
	Date  string `json:"date"`
	Value int64  `json:"value"`
}

type counts = map[string]int64

// Counter counts; the days are those of UTC.
type Counter struct {
	mutex      sync.Mutex
	days       counts
	components *database.Setting[counts]
	requests   *database.Setting[counts]
	pending    int
	now        func() time.Time
}

// Open reads what was counted before.
func Open(d *database.Database) (*Counter, error) {
	requests, err := database.NewSetting(d, "usage-requests", counts{})
	if err != nil {
		return nil, err
	}
	components, err := database.NewSetting(d, "usage-components", counts{})
	return &Counter{days: maps.Clone(requests.Get()), requests: requests, components: components, now: time.Now}, err
}

// Request counts a request for content.
func (c *Counter) Request() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.days[c.now().UTC().Format(day)]++
	if c.pending++; c.pending >= unwritten {
		c.write()
	}
}

// Write keeps what was counted since it was last written.
func (c *Counter) Write() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.write()
}

func (c *Counter) write() error {
	c.pending = 0
	return c.requests.Set(maps.Clone(c.days))
}

// Requests is the history of a period, oldest first.
func (c *Counter) Requests(period string) []Point {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.points(period, func(date string) int64 {
		var sum int64
		for each, count := range c.days {
			if len(each) >= len(date) && each[:len(date)] == date {
				sum += count
			}
		}
		return sum
	})
}

// Components is that of the components, of which there are so many now. What nobody asked for on a day is as it was last.
func (c *Counter) Components(period string, now int64) ([]Point, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	known := maps.Clone(c.components.Get())
	known[c.now().UTC().Format(day)] = now
	points := c.points(period, func(date string) int64 {
		last, value := "", int64(0)
		for each, count := range known {
			if until := each[:len(date)]; until <= date && each > last {
				last, value = each, count
			}
		}
		return value
	})
	return points, c.components.Set(known)
}

func (c *Counter) points(period string, value func(date string) int64) []Point {
	now := c.now().UTC()
	dates := make([]string, 0, 12)
	if period == Monthly {
		first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		for back := 11; back >= 0; back-- {
			dates = append(dates, first.AddDate(0, -back, 0).Format(month))
		}
	} else {
		for back := 6; back >= 0; back-- {
			dates = append(dates, now.AddDate(0, 0, -back).Format(day))
		}
	}
	points := make([]Point, len(dates))
	for i, date := range dates {
		points[i] = Point{Date: date, Value: value(date)}
	}
	return points
}
