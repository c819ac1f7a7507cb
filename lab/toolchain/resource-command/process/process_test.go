package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
)

// prints stands in for a command: it writes to both streams and ends with an error, or with none.
func prints(stdout, stderr string, err error) Run {
	return func(_ context.Context, _ string, _ map[string]string, out, errout io.Writer) error {
		io.WriteString(out, stdout)
		io.WriteString(errout, stderr)
		return err
	}
}

func pointer[T any](value T) *T { return &value }

func TestExecuteKeepsWhatTheCommandPrints(t *testing.T) {
	got, err := Inputs{}.Execute(t.Context(), pointer("create"), Outputs{}, prints("one\ntwo\n", "warning\n", nil))
	if err != nil || got.Stdout != "one\ntwo" || got.Stderr != "warning" {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestExecuteWithoutCommandKeepsThePreviousOutput(t *testing.T) {
	previous := Outputs{Stdout: "before"}
	got, err := Inputs{}.Execute(t.Context(), nil, previous, nil)
	if err != nil || got != previous {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestFailureCarriesTheLastStderrLinesAndNoSecret(t *testing.T) {
	inputs := Inputs{Stdin: pointer("s3cret"), Environment: map[string]string{"TOKEN": "s3cret"}}
	var stderr strings.Builder
	for i := range 30 {
		fmt.Fprintf(&stderr, "line %d\n", i)
	}
	_, err := inputs.Execute(t.Context(), pointer("echo s3cret"), Outputs{}, prints("", stderr.String(), errors.New("exit status 3")))
	if err == nil {
		t.Fatal("no error")
	}
	message := err.Error()
	for _, wanted := range []string{"exit status 3", "line 20", "line 29"} {
		if !strings.Contains(message, wanted) {
			t.Errorf("%q is missing in %q", wanted, message)
		}
	}
	for _, unwanted := range []string{"line 19\n", "s3cret"} {
		if strings.Contains(message, unwanted) {
			t.Errorf("%q is in %q", unwanted, message)
		}
	}
}

func TestPreviousOutputIsInTheEnvironmentUnlessSwitchedOff(t *testing.T) {
	inputs := Inputs{Environment: map[string]string{"A": "1"}}
	previous := Outputs{Stdout: "out", Stderr: "err"}
	wanted := map[string]string{"A": "1", "PULUMI_COMMAND_STDOUT": "out", "PULUMI_COMMAND_STDERR": "err"}
	if got := inputs.environment(previous); !maps.Equal(got, wanted) {
		t.Errorf("got %v", got)
	}
	inputs.AddPreviousOutputInEnv = pointer(false)
	if got := inputs.environment(previous); !maps.Equal(got, inputs.Environment) {
		t.Errorf("got %v", got)
	}
}

func TestUpdateFallsBackToCreate(t *testing.T) {
	if got := (Inputs{Create: pointer("c")}).ForUpdate(); *got != "c" {
		t.Errorf("got %q", *got)
	}
	if got := (Inputs{Create: pointer("c"), Update: pointer("u")}).ForUpdate(); *got != "u" {
		t.Errorf("got %q", *got)
	}
}

func TestUnknownLoggingIsRefusedWithWhatIsAllowed(t *testing.T) {
	_, err := Inputs{Logging: pointer("all")}.Execute(t.Context(), pointer("create"), Outputs{}, prints("", "", nil))
	if err == nil || !strings.Contains(err.Error(), `"all"`) || !strings.Contains(err.Error(), "stdoutAndStderr") {
		t.Fatalf("got %v", err)
	}
}
