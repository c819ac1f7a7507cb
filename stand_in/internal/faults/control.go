package faults

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
)

// Handler is the control listener: GET lists the faults, POST turns one on, DELETE turns all off.
func (c *Controller) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(c.All()) // fails only if the client is gone
		case http.MethodPost:
			var fault Fault
			if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&fault); err != nil {
				http.Error(w, "the body is not a fault: "+err.Error(), http.StatusBadRequest)
				return
			}
			if err := c.Add(fault); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.WriteHeader(http.StatusNoContent)
		case http.MethodDelete:
			c.Clear()
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header().Set("Allow", "GET,POST,DELETE")
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
}

// Listen opens the control listener; only loopback addresses are allowed.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("--faults %s is not HOST:PORT: %w", address, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("--faults %s is not allowed: use a loopback address, like 127.0.0.1:8079", address)
	}
	return net.Listen("tcp", address)
}
