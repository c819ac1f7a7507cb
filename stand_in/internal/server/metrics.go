package server

import (
	"fmt"
	"net/http"
	"runtime"

	"repository-store/nexus-stand-in/internal/rest"
)

const (
	metricsPath = "/service/metrics/prometheus"
	jetty       = "org_eclipse_jetty_webapp_WebAppContext"
)

// serveMetrics serves metrics of this process under the names of the real server's JVM metrics that alerts use.
func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if !s.security.Allowed(rest.PrincipalOf(r.Context()), "nexus:metrics:read") {
		if loginOf(r).attempted {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		challenge(w)
		return
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, gauge := range []struct {
		name  string
		value float64
	}{
		{"jvm_memory_heap_usage", float64(memory.HeapInuse) / float64(memory.HeapSys)},
		{"jvm_memory_heap_used", float64(memory.HeapInuse)},
		{"jvm_memory_heap_max", float64(memory.HeapSys)},
		{"jvm_fd_usage", 0},
		{"jvm_thread_states_deadlock_count", 0},
	} {
		fmt.Fprintf(w, "# TYPE %s gauge\n%s %g\n", gauge.name, gauge.name, gauge.value)
	}
	s.writeTraffic(w)
}

// writeTraffic writes the request metrics under their names in a core 3.77.
func (s *Server) writeTraffic(w http.ResponseWriter) {
	requests, failed := s.traffic.counts()
	fmt.Fprintf(w, "# TYPE %s_requests summary\n", jetty)
	for _, part := range []float64{0.5, 0.75, 0.95, 0.98, 0.99, 0.999} {
		fmt.Fprintf(w, "%s_requests{quantile=\"%g\",} %g\n", jetty, part, s.traffic.quantile(part))
	}
	fmt.Fprintf(w, "%s_requests_count %d\n", jetty, requests)
	fmt.Fprintf(w, "# TYPE %s_5xx_responses_total counter\n%s_5xx_responses_total %d\n", jetty, jetty, failed)
}
