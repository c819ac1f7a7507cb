package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"

	"repository-store/nexus-stand-in/internal/audit"
	"repository-store/nexus-stand-in/internal/blobstore"
	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/database"
	"repository-store/nexus-stand-in/internal/dockerrepo"
	"repository-store/nexus-stand-in/internal/exchanges"
	"repository-store/nexus-stand-in/internal/faults"
	"repository-store/nexus-stand-in/internal/formats/apt"
	"repository-store/nexus-stand-in/internal/formats/maven"
	"repository-store/nexus-stand-in/internal/formats/npm"
	"repository-store/nexus-stand-in/internal/formats/pypi"
	"repository-store/nexus-stand-in/internal/formats/raw"
	"repository-store/nexus-stand-in/internal/formats/yum"
	"repository-store/nexus-stand-in/internal/pace"
	"repository-store/nexus-stand-in/internal/repositories"
	"repository-store/nexus-stand-in/internal/rest"
	"repository-store/nexus-stand-in/internal/security"
	"repository-store/nexus-stand-in/internal/settings"
	"repository-store/nexus-stand-in/internal/tasks"
	"repository-store/nexus-stand-in/internal/usage"
)

// Server is the whole stand-in.
type Server struct {
	options      Options
	generation   Generation
	database     *database.Database
	blobs        *blobstore.Manager
	security     *security.Manager
	settings     *settings.Settings
	repositories *repositories.Manager
	tasks        *tasks.Scheduler
	usage        *usage.Counter
	audit        *audit.Log
	traffic      traffic
	tokens       *dockerrepo.Tokens
	connectors   *connectors
	faults       *faults.Controller
	journal      *exchanges.Journal // nil: none
	pace         func(http.Handler) http.Handler
	nodeID       string
}

// formats are the formats with content; repositories of other formats can only be configured.
func formats() map[string]content.Format {
	return map[string]content.Format{
		"raw": raw.Format{}, "maven2": maven.Format{}, "apt": apt.Format{},
		"yum": yum.Format{}, "npm": npm.Format{}, "pypi": pypi.Format{},
	}
}

// New opens the data directory; the first start initializes it.
func New(options Options) (*Server, error) {
	generation, err := GenerationNamed(options.Generation)
	if err != nil {
		return nil, err
	}
	if generation, err = generation.as(options.Edition); err != nil {
		return nil, err
	}
	options.Rest.Pro = generation.Edition == "PRO"
	options.Rest.OpenCore = generation.Core && options.Formats != ""
	if err := os.MkdirAll(options.DataDir, 0o755); err != nil {
		return nil, fmt.Errorf("--data %s cannot be used: %w", options.DataDir, err)
	}
	paced, err := pace.Named(options.Pace)
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, generation: generation, pace: paced}
	if s.database, err = database.Open(options.DataDir, options.SecretsKeyFile); err != nil {
		return nil, err
	}
	if err := s.open(); err != nil {
		s.database.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) open() (err error) {
	if s.blobs, err = blobstore.NewManager(s.database, s.options.DataDir); err != nil {
		return err
	}
	s.blobs.SweepStaged()
	if s.tokens, err = dockerrepo.OpenTokens(filepath.Join(s.options.DataDir, "db", "docker-tokens.json")); err != nil {
		return err
	}
	s.faults = faults.NewController(s.blobs.SetFull)
	if s.options.Exchanges != "" {
		if s.journal, err = exchanges.Open(s.options.Exchanges); err != nil {
			return err
		}
	}
	if s.settings, err = settings.Open(s.database); err != nil {
		return err
	}
	if s.generation.Edition == "COMMUNITY" {
		s.settings.RequireEULA()
	}
	s.audit = audit.New(s.options.DataDir, func() string { return s.nodeID }, s.isAudited)
	if s.usage, err = usage.Open(s.database); err != nil {
		return err
	}
	recipes, err := repositories.NewRecipes(s.generation.Minor, s.options.Formats)
	if err != nil {
		return fmt.Errorf("--formats: %w", err)
	}
	if s.security, err = security.NewManager(s.database, s.options.DataDir, s.options.InitialPassword, recipes.Formats(), !s.generation.Core); err != nil {
		return err
	}
	s.security.PlayOnly(recipes.Formats(), s.options.Rest.OpenCore)
	product := fmt.Sprintf("Nexus/%s (%s; stand-in)", s.generation.Version, s.generation.Edition)
	s.repositories, err = repositories.NewManager(s.database, recipes, s.blobs, s.security, s.settings, formats(), product)
	if err != nil {
		return err
	}
	s.settings.OnRenamed(s.repositories.RenameRule)
	if s.tasks, err = tasks.NewScheduler(s.database, s.runTask); err != nil {
		return err
	}
	s.connectors = newConnectors(s.options.ConnectorHost, s.dockerConnector)
	return s.firstStart()
}

// firstStart creates the objects of a new server on the first start, and reads the node id on later ones.
func (s *Server) firstStart() error {
	node, err := database.NewSetting(s.database, "node", "")
	if err != nil {
		return err
	}
	if s.nodeID = node.Get(); s.nodeID != "" {
		return nil
	}
	s.nodeID = uuid.NewString()
	if err := s.repositories.CreateShipped(s.options.MavenCentral); err != nil {
		return err
	}
	if err := s.settings.ShipCapabilities(); err != nil {
		return err
	}
	return node.Set(s.nodeID)
}

func (s *Server) runTask(task tasks.Task) error {
	name := task.Properties["blobstoreName"]
	switch task.Type {
	case tasks.Compact:
		return errors.Join(s.repositories.SweepImages(name), s.blobs.Compact(name))
	case tasks.CollectImages:
		return s.repositories.CollectImages(task.Properties["repositoryName"], hoursAgo(task.Properties["deployOffset"]))
	case tasks.PurgeUploads:
		return s.repositories.PurgeUploads(hoursAgo(task.Properties["age"]))
	case tasks.Restore:
		if task.Properties["sinceDays"] != "" || task.Properties["dryRun"] == "true" {
			return nil // the real server reads a log of recent uploads, which is deleted with the blob store
		}
		return s.blobs.Restore(name, s.repositories.AssetsOf)
	}
	return nil
}

func hoursAgo(text string) time.Time {
	hours, err := strconv.Atoi(text)
	if err != nil {
		hours = 24
	}
	return time.Now().Add(-time.Duration(hours) * time.Hour)
}

// Run serves requests until the context ends.
func (s *Server) Run(ctx context.Context) error {
	defer s.database.Close()
	listener, err := net.Listen("tcp", s.options.Address)
	if err != nil {
		return fmt.Errorf("--address %s cannot be used: %w", s.options.Address, err)
	}
	if err := s.listenForFaults(); err != nil {
		listener.Close()
		return err
	}
	s.repositories.OnChanged(s.syncConnectors)
	s.syncConnectors()
	main := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 30 * time.Second, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- main.Serve(listener) }()
	slog.Info("Started Sonatype Nexus stand-in "+s.generation.Version, "address", listener.Addr().String(), "data", s.options.DataDir)
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	slog.Info("Stopping")
	graceful, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if shutdown := main.Shutdown(graceful); shutdown != nil {
		main.Close()
	}
	s.connectors.close(graceful)
	s.repositories.Close()
	if failure := s.usage.Write(); failure != nil {
		slog.Warn("request count not saved", "error", failure)
	}
	slog.Info("Stopped")
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// listenForFaults opens the control listener if it is configured; it ends with the process.
func (s *Server) listenForFaults() error {
	if s.options.FaultsAddress == "" {
		return nil
	}
	listener, err := faults.Listen(s.options.FaultsAddress)
	if err != nil {
		return err
	}
	slog.Warn("control listener for faults opened", "address", listener.Addr().String())
	go http.Serve(listener, s.faults.Handler()) // ends with the process
	return nil
}

func (s *Server) api() http.Handler {
	api := &rest.API{Minor: s.generation.Minor, Version: s.generation.Version, NodeID: s.nodeID, Options: s.options.Rest, Database: s.database, Security: s.security, Blobs: s.blobs,
		Repositories: s.repositories, Settings: s.settings, Tasks: s.tasks, Usage: s.usage}
	return api.Handler()
}
