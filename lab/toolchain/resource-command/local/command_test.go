package local

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"repository-store/lab/toolchain/resource-command/process"
)

func TestRunPassesStdinEnvironmentDirectoryAndInterpreter(t *testing.T) {
	stdin, directory := "from stdin", t.TempDir()
	inputs := CommandInputs{
		Inputs:      process.Inputs{Stdin: &stdin},
		Dir:         &directory,
		Interpreter: []string{"/bin/sh", "-eu", "-c"},
	}
	var stdout, stderr bytes.Buffer
	err := inputs.run(t.Context(), `cat; pwd; echo "$GIVEN" >&2`, map[string]string{"GIVEN": "value"}, &stdout, &stderr)
	if err != nil || stdout.String() != stdin+directory+"\n" || stderr.String() != "value\n" {
		t.Fatalf("stdout %q, stderr %q, %v", stdout.String(), stderr.String(), err)
	}
}

func TestCancelEndsTheChildrenOfTheShellToo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ready := filepath.Join(t.TempDir(), "ready")
	done := make(chan error)
	var stdout bytes.Buffer
	go func() {
		done <- CommandInputs{}.run(ctx, `sleep 60 & touch `+ready+`; wait; echo survived`, nil, &stdout, &stdout)
	}()
	for _, err := os.Stat(ready); err != nil; _, err = os.Stat(ready) {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	select {
	case err := <-done:
		if err == nil || strings.Contains(stdout.String(), "survived") {
			t.Fatalf("stdout %q, %v", stdout.String(), err)
		}
	case <-time.After(gracePeriod / 2):
		t.Fatal("a child still holds the streams")
	}
}
