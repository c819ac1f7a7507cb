package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"repository-store/nexus-stand-in/internal/repositories"
)

// connectors are the ports of docker repositories.
type connectors struct {
	host    string
	handler func(repository string) http.Handler
	mutex   sync.Mutex
	open    map[int]*connector
}

type connector struct {
	repository string
	server     *http.Server
}

func newConnectors(host string, handler func(repository string) http.Handler) *connectors {
	return &connectors{host: host, handler: handler, open: map[int]*connector{}}
}

// syncConnectors opens and closes ports to match the repositories.
func (s *Server) syncConnectors() {
	wanted := map[int]string{}
	for _, record := range s.repositories.All() {
		if port := repositories.HTTPPort(&record); port != 0 {
			wanted[port] = record.Name
		}
	}
	s.connectors.sync(wanted)
}

func (c *connectors) sync(wanted map[int]string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for port, current := range c.open {
		if wanted[port] != current.repository {
			current.server.Close()
			delete(c.open, port)
			slog.Info("connector closed", "repository", current.repository, "port", port)
		}
	}
	for port, repository := range wanted {
		if c.open[port] == nil {
			c.start(port, repository)
		}
	}
}

func (c *connectors) start(port int, repository string) {
	address := net.JoinHostPort(c.host, strconv.Itoa(port))
	listener, err := net.Listen("tcp", address)
	if err != nil {
		slog.Error("connector not opened", "repository", repository, "address", address, "error", err)
		return
	}
	server := &http.Server{Handler: c.handler(repository), ReadHeaderTimeout: 30 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	c.open[port] = &connector{repository, server}
	go server.Serve(listener) // until Close
	slog.Info("connector opened", "repository", repository, "address", address)
}

// close closes all ports and waits for running requests.
func (c *connectors) close(ctx context.Context) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var waiting sync.WaitGroup
	for _, current := range c.open {
		waiting.Go(func() {
			if current.server.Shutdown(ctx) != nil {
				current.server.Close()
			}
		})
	}
	waiting.Wait()
}
