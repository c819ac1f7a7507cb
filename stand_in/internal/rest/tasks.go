package rest

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/tasks"
)

// createTasks is the first version that creates tasks: its schema has the operation, and no recording shows its absence.
const createTasks = 78

var frequencyPart = &schema.Object{Class: "FrequencyXO", Fields: []schema.Field{
	{Name: "schedule", Rule: schema.NotBlank, Checks: []schema.Check{schema.OneOf("manual", "once", "hourly", "daily", "weekly", "monthly", "cron")}},
	{Name: "cronExpression"}, {Name: "startDate", Kind: schema.Long}, {Name: "timeZoneOffset"}, {Name: "recurringDays", Kind: schema.IntList},
}}

var (
	taskUpdate = &schema.Object{Class: "TaskTemplateXO", Fields: []schema.Field{
		{Name: "name", Rule: schema.NotBlank}, {Name: "enabled", Kind: schema.Bool, Rule: schema.NotNull},
		{Name: "alertEmail", Checks: []schema.Check{schema.MailAddress}},
		{Name: "notificationCondition", Kind: schema.Enum, Rule: schema.NotNull, Class: "NotificationCondition", Enum: []string{"FAILURE", "SUCCESS_FAILURE"}},
		{Name: "frequency", Kind: schema.Part, Part: frequencyPart, Rule: schema.NotNull},
		{Name: "properties", Kind: schema.TextMap},
	}}
	taskBody = &schema.Object{Class: taskUpdate.Class, Fields: append(taskUpdate.Fields[:6:6], schema.Field{Name: "type", Rule: schema.NotBlank})}
)

func (a *API) taskRoutes() {
	a.on(route{method: "GET", path: "/tasks", need: may("tasks", "read")}, func(c *call) (answer, error) {
		items := []map[string]any{}
		for _, task := range a.Tasks.All(c.query("type")) {
			items = append(items, a.showTask(task))
		}
		return ok(page(items, "")), nil
	})
	a.on(route{method: "GET", path: "/tasks/{id}", need: may("tasks", "read")}, a.onTask(func(task tasks.Task) (answer, error) {
		return ok(a.showTask(task)), nil
	}))
	a.on(route{method: "POST", path: "/tasks/{id}/run", need: may("tasks", "start")}, a.onTask(func(task tasks.Task) (answer, error) {
		return orDone(a.Tasks.Run(task.ID))
	}))
	a.on(route{method: "POST", path: "/tasks/{id}/stop", need: may("tasks", "stop")}, a.onTask(func(tasks.Task) (answer, error) {
		return answer{}, problem.Status(http.StatusConflict) // no task runs longer than its request
	}))
	a.onBody(route{method: "POST", path: "/tasks", need: may("tasks", "create"), body: taskBody, since: createTasks}, a.createTask)
	a.onBody(route{method: "PUT", path: "/tasks/{id}", need: may("tasks", "update"), body: taskUpdate, since: createTasks}, a.updateTask)
	a.on(route{method: "DELETE", path: "/tasks/{id}", need: may("tasks", "delete"), since: createTasks}, a.onTask(func(task tasks.Task) (answer, error) {
		return orDone(a.Tasks.Delete(task.ID))
	}))
}

func (a *API) onTask(handle func(tasks.Task) (answer, error)) endpoint {
	return func(c *call) (answer, error) {
		task, exists := a.Tasks.Get(c.param("id"))
		if !exists {
			return answer{}, notFound
		}
		return handle(task)
	}
}

const timestamp = "2006-01-02T15:04:05.000-07:00"

func when(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.Format(timestamp)
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// showConfiguration is the first version that shows the configuration of a task.
const showConfiguration = 92

func (a *API) showTask(t tasks.Task) map[string]any {
	shown := map[string]any{"id": t.ID, "name": t.Name, "type": t.Type, "message": textOrNull(t.Message), "currentState": "WAITING",
		"lastRunResult": textOrNull(t.Result), "nextRun": when(t.NextRun()), "lastRun": when(t.LastRun)}
	if a.Minor < showConfiguration {
		return shown
	}
	shown["enabled"], shown["typeName"], shown["properties"] = t.Enabled, t.Type, t.Properties
	shown["alertEmail"], shown["notificationCondition"] = textOrNull(t.AlertEmail), textOrNull(t.Notify)
	shown["schedule"], shown["cronExpression"] = t.Schedule, t.Frequency["cronExpression"]
	shown["recurringDays"], shown["timeZoneOffset"], shown["startDate"] = t.Frequency["recurringDays"], nil, nil
	if t.Schedule == "cron" {
		shown["timeZoneOffset"] = t.Frequency["timeZoneOffset"]
	}
	if start := t.Frequency.Int("startDate"); start != 0 {
		shown["startDate"] = time.UnixMilli(start).UTC().Format(timestamp)
	}
	return shown
}

// kept is what the scheduler makes of a schedule, by TaskComponent and TimeZoneUtils in the source of 3.77: a start without seconds,
// for cron now, and days as they are at the start in the server's zone, not in that of the request.
func kept(frequency schema.Values) schema.Values {
	start := time.UnixMilli(frequency.Int("startDate")).UTC().Truncate(time.Minute)
	switch frequency.String("schedule") {
	case "manual":
		return schema.Values{"schedule": "manual"}
	case "cron":
		start = time.Now()
	case "weekly", "monthly":
		if zone, err := time.Parse("-07:00", frequency.String("timeZoneOffset")); err == nil {
			moveDays(frequency, date(start).Compare(date(start.In(zone.Location()))), date(start).AddDate(0, 1, -start.Day()).Day())
		}
	}
	frequency["startDate"] = start.UnixMilli()
	return frequency
}

func date(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

const lastDay = 999

func moveDays(frequency schema.Values, by, daysOfMonth int) {
	most := int64(7)
	if frequency.String("schedule") == "monthly" {
		most = int64(daysOfMonth)
	}
	days, _ := frequency["recurringDays"].([]any)
	for i, day := range days {
		if number, ok := day.(int64); ok && number != lastDay {
			days[i] = (number-1+int64(by)+most)%most + 1
		}
	}
}

func taskOf(body schema.Values) tasks.Task {
	task := tasks.Task{Name: body.String("name"), Type: body.String("type"), Enabled: body.Bool("enabled"), AlertEmail: body.String("alertEmail"),
		Notify: body.String("notificationCondition"), Frequency: kept(body.Part("frequency")), Properties: map[string]string{}}
	task.Schedule = task.Frequency.String("schedule")
	for name := range body.Part("properties") {
		task.Properties[name] = body.Part("properties").String(name)
	}
	return task
}

func (a *API) createTask(_ *call, body schema.Values) (answer, error) {
	task := taskOf(body)
	if task.Type == tasks.Compact || task.Type == tasks.Restore {
		if _, exists := a.Blobs.Get(task.Properties["blobstoreName"]); !exists {
			return answer{}, problem.Violation("blobstoreName", "Blob store '%s' not found", task.Properties["blobstoreName"])
		}
	}
	task.ID = uuid.NewString()
	return answer{status: http.StatusCreated, body: a.showTask(task)}, a.Tasks.Add(task)
}

func (a *API) updateTask(c *call, body schema.Values) (answer, error) {
	current, exists := a.Tasks.Get(c.param("id"))
	if !exists {
		return answer{}, notFound
	}
	task := taskOf(body)
	task.ID, task.Type, task.LastRun, task.Result, task.Message = current.ID, current.Type, current.LastRun, current.Result, current.Message
	return orDone(a.Tasks.Add(task))
}
