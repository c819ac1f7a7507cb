package server

import (
	"fmt"
	"net/http"
	"runtime"

	"repository-store/nexus-stand-in/internal/rest"
)

const metricsPath = "/service/metrics/prometheus"

// serveMetrics tells of this process what the real server tells of its JVM, as far as alerts are about it.
func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if !s.security.Allowed(rest.PrincipalOf(r.Context()), "nexus:metrics:read") {
		if _, _, named := r.BasicAuth(); named {
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
}
