// Package usage counts what the Community Edition limits: requests for content, and components, per day.
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
	// The number of requests after which the count is saved.
	saveEvery = 1000
)

// Point is the value of one day or month.
type Point struct {
	Date  string `json:"date"`
	Value int64  `json:"value"`
}

type counts = map[string]int64

// Counter counts requests and components per day (UTC).
type Counter struct {
	mutex      sync.Mutex
	days       counts
	components *database.Setting[counts]
	requests   *database.Setting[counts]
	pending    int
	now        func() time.Time
}

// Open reads the saved counts.
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
	if c.pending++; c.pending >= saveEvery {
		c.write()
	}
}

// Write saves the requests counted since the last save.
func (c *Counter) Write() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.write()
}

func (c *Counter) write() error {
	c.pending = 0
	return c.requests.Set(maps.Clone(c.days))
}

// Requests returns the history of requests for a period, oldest first.
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

// Components records the current number of components and returns their history for a period, oldest first. A day without a
// count has the last one before it.
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
