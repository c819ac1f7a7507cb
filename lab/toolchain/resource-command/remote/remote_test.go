package remote

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"repository-store/lab/toolchain/resource-command/process"
)

func run(t *testing.T, connection Connection, command string, environment map[string]string) (string, error) {
	t.Helper()
	stdin := "from stdin"
	var stdout, stderr bytes.Buffer
	inputs := CommandInputs{Inputs: process.Inputs{Stdin: &stdin}, Connection: connection}
	err := inputs.run(t.Context(), command, environment, &stdout, &stderr)
	return stdout.String() + stderr.String(), err
}

func requireError(t *testing.T, err error, wanted string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), wanted) {
		t.Fatalf("wanted an error with %q, got %v", wanted, err)
	}
	if strings.Contains(err.Error(), testPassword) {
		t.Fatalf("the password is in %v", err)
	}
}

func TestCommandRunsWithStdin(t *testing.T) {
	got, err := run(t, Connection{Endpoint: startServer(t).endpoint()}, "hostname", nil)
	if err != nil || got != "hostname from stdin" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestCommandRunsThroughProxy(t *testing.T) {
	bastion := startServer(t).endpoint()
	got, err := run(t, Connection{Endpoint: startServer(t).endpoint(), Proxy: &bastion}, "hostname", nil)
	if err != nil || got != "hostname from stdin" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestExitStatusIsAnError(t *testing.T) {
	got, err := run(t, Connection{Endpoint: startServer(t).endpoint()}, "fail", nil)
	requireError(t, err, "status 3")
	if !strings.Contains(got, "it broke") {
		t.Errorf("stderr is missing in %q", got)
	}
}

func TestRefusedEnvironmentNamesTheRemedy(t *testing.T) {
	_, err := run(t, Connection{Endpoint: startServer(t).endpoint()}, "hostname", map[string]string{"A": testPassword})
	requireError(t, err, "AcceptEnv")
}

func TestOtherHostKeyIsRefused(t *testing.T) {
	endpoint := startServer(t).endpoint()
	endpoint.HostKey = startServer(t).endpoint().HostKey
	_, err := run(t, Connection{Endpoint: endpoint}, "hostname", nil)
	requireError(t, err, "host key mismatch")
}

func TestMissingHostKeyIsRefused(t *testing.T) {
	endpoint := startServer(t).endpoint()
	endpoint.HostKey = nil
	_, err := run(t, Connection{Endpoint: endpoint}, "hostname", nil)
	requireError(t, err, "ssh-keyscan")
}

func TestWrongPasswordIsNotRepeated(t *testing.T) {
	endpoint := startServer(t).endpoint()
	wrong := "wrong"
	endpoint.Password, endpoint.DialErrorLimit = &wrong, nil
	_, err := run(t, Connection{Endpoint: endpoint}, "hostname", nil)
	requireError(t, err, "attempt 1)")
}

func TestUnreachableHostGivesUpAtTheLimit(t *testing.T) {
	endpoint := startServer(t).endpoint()
	closed, twice := 1.0, 2
	endpoint.Port, endpoint.DialErrorLimit = &closed, &twice
	_, err := run(t, Connection{Endpoint: endpoint}, "hostname", nil)
	requireError(t, err, "attempt 2)")
}

func TestTextAssetBecomesAFile(t *testing.T) {
	target := filepath.Join(t.TempDir(), "new folder", "file")
	requireCopy(t, types.AssetOrArchive{Asset: &resource.Asset{Sig: resource.AssetSig, Text: "content"}}, target)
	requireContent(t, target, "content")
}

func TestDirectoryIsCopiedInto(t *testing.T) {
	source, target := filepath.Join(t.TempDir(), "tree"), t.TempDir()
	if err := os.MkdirAll(filepath.Join(source, "below"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "below", "script"), []byte("run"), 0o750); err != nil {
		t.Fatal(err)
	}
	requireCopy(t, types.AssetOrArchive{Archive: &resource.Archive{Sig: resource.ArchiveSig, Path: source}}, target)
	copied := filepath.Join(target, "tree", "below", "script")
	requireContent(t, copied, "run")
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("mode: got %v, %v", info.Mode(), err)
	}
}

func requireCopy(t *testing.T, source types.AssetOrArchive, target string) {
	t.Helper()
	inputs := CopyToRemoteInputs{Connection: Connection{Endpoint: startServer(t).endpoint()}, Source: source, RemotePath: target}
	if err := inputs.copy(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func requireContent(t *testing.T, name, wanted string) {
	t.Helper()
	if got, err := os.ReadFile(name); err != nil || string(got) != wanted {
		t.Fatalf("got %q, %v", got, err)
	}
}
