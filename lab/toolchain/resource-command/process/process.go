// Package process holds what local and remote commands share: their properties and the way their output is kept and logged.
package process

import (
	"context"
	"fmt"
	"io"
	"maps"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

type Inputs struct {
	Create                 *string           `pulumi:"create,optional"`
	Update                 *string           `pulumi:"update,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Logging                *string           `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
	Triggers               *[]any            `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

type Outputs struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// Run starts one command with the given extra environment, writing its streams to stdout and stderr.
type Run func(ctx context.Context, command string, environment map[string]string, stdout, stderr io.Writer) error

// ForUpdate is the command that an update runs: create stands in for an update that is not given.
func (inputs Inputs) ForUpdate() *string {
	if inputs.Update != nil {
		return inputs.Update
	}
	return inputs.Create
}

// Execute runs a command, if there is one, and returns what it printed.
func (inputs Inputs) Execute(ctx context.Context, command *string, previous Outputs, run Run) (Outputs, error) {
	if command == nil {
		return previous, nil
	}
	logStdout, logStderr, err := inputs.loggedStreams()
	if err != nil {
		return previous, err
	}
	logger := provider.GetLogger(ctx)
	stdout, stderr := newStream(logger, logStdout), newStream(logger, logStderr)
	err = run(ctx, *command, inputs.environment(previous), stdout, stderr)
	stdout.flush()
	stderr.flush()
	if err != nil {
		return previous, failure(err, stderr)
	}
	return Outputs{Stdout: stdout.text(), Stderr: stderr.text()}, nil
}

func (inputs Inputs) loggedStreams() (stdout, stderr bool, err error) {
	if inputs.Logging == nil {
		return true, true, nil
	}
	switch *inputs.Logging {
	case "stdoutAndStderr":
		return true, true, nil
	case "stdout":
		return true, false, nil
	case "stderr":
		return false, true, nil
	case "none":
		return false, false, nil
	}
	return false, false, fmt.Errorf("logging is %q; allowed are stdout, stderr, stdoutAndStderr, none", *inputs.Logging)
}

func (inputs Inputs) environment(previous Outputs) map[string]string {
	environment := map[string]string{}
	if inputs.AddPreviousOutputInEnv == nil || *inputs.AddPreviousOutputInEnv {
		if previous.Stdout != "" {
			environment["PULUMI_COMMAND_STDOUT"] = previous.Stdout
		}
		if previous.Stderr != "" {
			environment["PULUMI_COMMAND_STDERR"] = previous.Stderr
		}
	}
	maps.Copy(environment, inputs.Environment)
	return environment
}

// NewID makes the ID of a resource that nothing outside Pulumi knows by an ID of its own.
func NewID(name string) (string, error) {
	return resource.NewUniqueHex(name, 8, 0)
}
