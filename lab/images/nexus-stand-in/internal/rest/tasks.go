package rest

import (
	"net/http"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/tasks"
)

// createTasks is the first version whose schema has the creation of tasks and whose server was not seen without it.
const createTasks = 78

var frequencyPart = &schema.Object{Class: "FrequencyXO", Fields: []schema.Field{
	{Name: "schedule", Rule: schema.NotBlank, Checks: []schema.Check{schema.OneOf("manual", "once", "hourly", "daily", "weekly", "monthly", "cron")}},
	{Name: "cronExpression"}, {Name: "startDate", Kind: schema.Long}, {Name: "timeZoneOffset"}, {Name: "recurringDays", Kind: schema.TextList},
}}

var taskBody = &schema.Object{Class: "TaskTemplateXO", Fields: []schema.Field{
	{Name: "type", Rule: schema.NotBlank}, {Name: "name", Rule: schema.NotBlank}, {Name: "enabled", Kind: schema.Bool, Rule: schema.NotNull},
	{Name: "alertEmail", Checks: []schema.Check{schema.MailAddress}},
	{Name: "notificationCondition", Kind: schema.Enum, Class: "NotificationCondition", Enum: []string{"FAILURE", "SUCCESS_FAILURE"}},
	{Name: "frequency", Kind: schema.Part, Part: frequencyPart, Rule: schema.NotNull},
	{Name: "properties", Kind: schema.Part, Part: &schema.Object{Class: "java.util.Map", Fields: []schema.Field{
		{Name: "blobstoreName"}, {Name: "repositoryName"}, {Name: "blobsOlderThan"}, {Name: "dryRun"}, {Name: "sinceDays"},
	}}},
}}

func (a *API) taskRoutes() {
	a.on(route{method: "GET", path: "/tasks", need: may("tasks", "read")}, func(c *call) (answer, error) {
		items := []map[string]any{}
		for _, task := range a.Tasks.All(c.query("type")) {
			items = append(items, showTask(task))
		}
		return ok(page(items, "")), nil
	})
	a.on(route{method: "GET", path: "/tasks/{id}", need: may("tasks", "read")}, a.onTask(func(task tasks.Task) (answer, error) {
		return ok(showTask(task)), nil
	}))
	a.on(route{method: "POST", path: "/tasks/{id}/run", need: may("tasks", "start")}, a.onTask(func(task tasks.Task) (answer, error) {
		return orDone(a.Tasks.Run(task.ID))
	}))
	a.on(route{method: "POST", path: "/tasks/{id}/stop", need: may("tasks", "stop")}, a.onTask(func(tasks.Task) (answer, error) {
		return answer{}, problem.Status(http.StatusConflict) // none runs longer than its request
	}))
	a.onBody(route{method: "POST", path: "/tasks", need: may("tasks", "create"), body: taskBody, since: createTasks}, a.createTask)
	a.onBody(route{method: "PUT", path: "/tasks/{id}", need: may("tasks", "update"), body: taskBody, since: createTasks}, a.updateTask)
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

func showTask(t tasks.Task) map[string]any {
	return map[string]any{"id": t.ID, "name": t.Name, "type": t.Type, "message": textOrNull(t.Message), "currentState": "WAITING",
		"lastRunResult": textOrNull(t.Result), "nextRun": when(t.NextRun()), "lastRun": when(t.LastRun)}
}

func taskOf(body schema.Values) tasks.Task {
	task := tasks.Task{Name: body.String("name"), Type: body.String("type"), Enabled: body.Bool("enabled"),
		Schedule: body.Part("frequency").String("schedule"), Properties: map[string]string{}}
	for name := range body.Part("properties") {
		task.Properties[name] = body.Part("properties").String(name)
	}
	return task
}

func (a *API) createTask(_ *call, body schema.Values) (answer, error) {
	task := taskOf(body)
	if task.Type == tasks.Compact {
		if _, exists := a.Blobs.Get(task.Properties["blobstoreName"]); !exists {
			return answer{}, problem.Violation("blobstoreName", "Blob store '%s' not found", task.Properties["blobstoreName"])
		}
	}
	if err := a.Tasks.Add(task); err != nil {
		return answer{}, err
	}
	all := a.Tasks.All("")
	return answer{status: http.StatusCreated, body: showTask(all[len(all)-1])}, nil
}

func (a *API) updateTask(c *call, body schema.Values) (answer, error) {
	current, exists := a.Tasks.Get(c.param("id"))
	if !exists {
		return answer{}, notFound
	}
	task := taskOf(body)
	task.ID, task.Type = current.ID, current.Type
	return orDone(a.Tasks.Add(task))
}
