// Package tasks plays the scheduler: the tasks of a new server, and tasks that are created over REST.
package tasks

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/schema"
)

// Types of tasks. Tasks that the stand-in does not carry out only record the time and the result of a run.
const (
	AssetBlobCleanup  = "assetBlob.cleanup"
	RepositoryCleanup = "repository.cleanup"
	Compact           = "blobstore.compact"
	Restore           = "blobstore.rebuildComponentDB"
	CollectImages     = "repository.docker.gc"
	PurgeUploads      = "repository.docker.upload-purge"
)

// Task is one task.
type Task struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Type       string            `json:"type"`
	Enabled    bool              `json:"enabled"`
	Schedule   string            `json:"schedule"`
	Frequency  schema.Values     `json:"frequency,omitempty"` // as requested
	AlertEmail string            `json:"alertEmail,omitempty"`
	Notify     string            `json:"notificationCondition,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
	Message    string            `json:"message,omitempty"`
	Result     string            `json:"result,omitempty"`
	LastRun    *time.Time        `json:"lastRun,omitempty"`
}

// Scheduler holds the tasks.
type Scheduler struct {
	tasks *database.Collection[Task]
	mutex sync.Mutex
	run   func(Task) error
}

// NewScheduler opens the tasks. run does the work of a task.
func NewScheduler(d *database.Database, run func(Task) error) (*Scheduler, error) {
	records, err := database.NewCollection[Task](d, "tasks")
	s := &Scheduler{tasks: records, run: run}
	if err != nil || len(records.All()) > 0 {
		return s, err
	}
	for _, format := range []string{"raw", "maven2"} {
		if err := s.EnsureCleanup(format); err != nil {
			return s, err
		}
	}
	return s, s.Add(Task{Name: "Cleanup service", Type: RepositoryCleanup, Enabled: true, Schedule: "cron"})
}

// EnsureCleanup creates the task that removes unused blobs of a format, if it is missing.
func (s *Scheduler) EnsureCleanup(format string) error {
	name := fmt.Sprintf("Cleanup unused %s blobs from nexus", format)
	if _, exists := s.tasks.Find(func(t Task) bool { return t.Name == name }); exists {
		return nil
	}
	return s.Add(Task{Name: name, Type: AssetBlobCleanup, Enabled: true, Schedule: "cron"})
}

// All lists the tasks of a type; empty: of all types.
func (s *Scheduler) All(kind string) []Task {
	tasks := s.tasks.All()
	return slices.DeleteFunc(tasks, func(t Task) bool { return kind != "" && t.Type != kind })
}

// Get finds a task.
func (s *Scheduler) Get(id string) (Task, bool) { return s.tasks.Get(id) }

// Add stores a new task.
func (s *Scheduler) Add(task Task) error {
	if task.ID == "" {
		task.ID = uuid.NewString()
	}
	return s.tasks.Put(task.ID, task)
}

// Delete removes a task.
func (s *Scheduler) Delete(id string) error {
	_, err := s.tasks.Delete(id)
	return err
}

// Run runs a task and waits until it ends.
func (s *Scheduler) Run(id string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	task, ok := s.tasks.Get(id)
	if !ok {
		return nil
	}
	now := time.Now()
	task.LastRun, task.Result, task.Message = &now, "OK", task.Name
	if err := s.run(task); err != nil {
		task.Result, task.Message = "FAILED", err.Error()
	}
	return s.tasks.Put(id, task)
}

// NextRun is the next scheduled run of a task; nil for manual tasks.
func (t Task) NextRun() *time.Time {
	if t.Schedule == "manual" || t.Schedule == "" {
		return nil
	}
	next := time.Now().Truncate(30 * time.Minute).Add(30 * time.Minute)
	return &next
}
