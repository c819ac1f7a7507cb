package rest

import (
	"net/http"
	"slices"

	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/usage"
)

// usageHistory is the first version whose schema has the usage history.
const usageHistory = 92

func (a *API) usageRoutes() {
	a.on(route{method: "GET", path: "/usage-history", need: administrator, since: usageHistory}, a.showUsage)
}

func (a *API) showUsage(c *call) (answer, error) {
	metric, period := c.query("metric"), c.query("period")
	if !slices.Contains([]string{usage.Requests, usage.Components}, metric) || !slices.Contains([]string{usage.Daily, usage.Monthly}, period) {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	points := a.Usage.Requests(period)
	if metric == usage.Components {
		count, err := a.countComponents(c)
		if err != nil {
			return answer{}, err
		}
		if points, err = a.Usage.Components(period, count); err != nil {
			return answer{}, err
		}
	}
	return ok(map[string]any{"metric": metric, "period": period, "data": points}), nil
}

func (a *API) countComponents(c *call) (count int64, err error) {
	for _, record := range a.Repositories.All() {
		if record.Type == content.Group {
			continue
		}
		if record.IsDocker() {
			images, _, err := a.images(c, &record)
			if err != nil {
				return 0, err
			}
			count += int64(len(images))
			continue
		}
		err := a.Repositories.Assets(record).ComponentsAfter(0, func(blobstore.Component, []*content.Asset) bool {
			count++
			return true
		})
		if err != nil {
			return 0, err
		}
	}
	return count, nil
}
