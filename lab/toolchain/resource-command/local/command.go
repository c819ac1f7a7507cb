// Package local runs commands on the machine that runs Pulumi.
package local

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"

	"repository-store/lab/toolchain/resource-command/process"
)

// gracePeriod is what a cancelled command has between SIGTERM and SIGKILL.
const gracePeriod = 10 * time.Second

type Command struct{}

type CommandInputs struct {
	process.Inputs
	Dir         *string  `pulumi:"dir,optional"`
	Interpreter []string `pulumi:"interpreter,optional"`
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
	argv := append(inputs.interpreter(), command)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Env = os.Environ()
	for name, value := range environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if inputs.Dir != nil {
		cmd.Dir = *inputs.Dir
	}
	if inputs.Stdin != nil {
		cmd.Stdin = strings.NewReader(*inputs.Stdin)
	}
	terminateWholeGroup(cmd)
	return cmd.Run()
}

func (inputs CommandInputs) interpreter() []string {
	if len(inputs.Interpreter) > 0 {
		return inputs.Interpreter
	}
	return []string{"/bin/sh", "-c"}
}

// terminateWholeGroup makes a cancelled update end the children of the shell too, not the shell alone.
func terminateWholeGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = gracePeriod
}
