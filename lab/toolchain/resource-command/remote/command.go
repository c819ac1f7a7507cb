// Package remote runs commands and copies files on other hosts over SSH.
package remote

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/pulumi/pulumi-go-provider/infer"

	"repository-store/lab/toolchain/resource-command/process"
)

type Command struct{}

type CommandInputs struct {
	process.Inputs
	Connection Connection `pulumi:"connection" provider:"secret"`
}

type CommandState struct {
	CommandInputs
	process.Outputs
}

func (Command) Create(ctx context.Context, req infer.CreateRequest[CommandInputs]) (infer.CreateResponse[CommandState], error) {
	state := CommandState{CommandInputs: req.Inputs}
	if req.DryRun {
		return infer.CreateResponse[CommandState]{Output: state}, nil
	}
	id, err := process.NewID(req.Name)
	if err == nil {
		state.Outputs, err = req.Inputs.Execute(ctx, req.Inputs.Create, state.Outputs, req.Inputs.run)
	}
	return infer.CreateResponse[CommandState]{ID: id, Output: state}, err
}

func (Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandInputs, CommandState],
) (infer.UpdateResponse[CommandState], error) {
	state := CommandState{CommandInputs: req.Inputs, Outputs: req.State.Outputs}
	if req.DryRun {
		return infer.UpdateResponse[CommandState]{Output: state}, nil
	}
	var err error
	state.Outputs, err = req.Inputs.Execute(ctx, req.Inputs.ForUpdate(), req.State.Outputs, req.Inputs.run)
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

func (Command) Delete(ctx context.Context, req infer.DeleteRequest[CommandState]) (infer.DeleteResponse, error) {
	_, err := req.State.Execute(ctx, req.State.Delete, req.State.Outputs, req.State.run)
	return infer.DeleteResponse{}, err
}

func (inputs CommandInputs) run(
	ctx context.Context, command string, environment map[string]string, stdout, stderr io.Writer,
) error {
	client, err := inputs.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return fmt.Errorf("open an SSH channel to %s: %w", inputs.Connection.Host, err)
	}
	defer session.Close()
	for name, value := range environment {
		if err := session.Setenv(name, value); err != nil {
			return fmt.Errorf("%s refused the environment variable %s: add it to AcceptEnv in its sshd_config, "+
				"set it within the command, or set addPreviousOutputInEnv to false", inputs.Connection.Host, name)
		}
	}
	session.Stdout, session.Stderr = stdout, stderr
	if inputs.Stdin != nil {
		session.Stdin = strings.NewReader(*inputs.Stdin)
	}
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	return session.Run(command)
}
