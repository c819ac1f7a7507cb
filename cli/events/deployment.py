"""Runs `pulumi up`, `preview` or `destroy`, and shows its events."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, Any

from cli.docker import Docker
from cli.errors import Ended
from cli.events.event import Step, Violation
from cli.events.log import EventLog
from cli.events.progress import Progress
from cli.events.reasons import reasons, violations
from cli.events.view import View, view
from cli.process import Interrupted, in_own_group
from cli.process import attached as on_terminal
from cli.runtime.attached import PROGRAM, Attached, attached
from cli.stack.backend_lock import locked
from cli.stack.decryption import undecrypted
from cli.stack.stack import Stack
from stacks.layout import NEXUS, NGINX

_POLL_SECONDS = 0.05
_LOG_LINES = 15
_CONTAINERS = (NEXUS, NGINX)


Summary = Callable[[str, Sequence[Violation]], Iterable[str]]
"""Summarises a preview, from its events and the violated policies."""


class Deployment:
    """One run of Pulumi on a stack."""

    def __init__(self, stack: Stack, command: str, docker: Docker, environment: Mapping[str, str]) -> None:
        self._stack = stack
        self._command = command
        self._docker = docker
        self._environment = {**environment, "PULUMI_DEBUG_COMMANDS": "1"}  # enables --event-log
        self.progress = Progress()

    def run(self, arguments: Sequence[str], *, milestones: bool = False) -> Mapping[str, Any]:
        """Runs Pulumi with these arguments to its end; returns the stack's outputs, with secrets masked.

        Raises:
            Ended: it failed, and the reasons were printed.
            Interrupted: a signal asked for the end; Pulumi has written its state.
        """
        log = EventLog()
        with tempfile.TemporaryFile() as output, view(self._command, milestones=milestones) as shown:
            code = self._pulumi(arguments, output, log, shown)
            log.close()
            if code == 0:
                shown.end(self.progress)
                return self.progress.outputs
            self._fail(_read(output), shown)
        raise Ended(code if code > 0 else 1)

    def preview(self, arguments: Sequence[str], summary: Summary | None = None) -> list[str]:
        """Runs a preview; prints what `up` would change, and which policies it violates.

        Returns the lines of the summary, by default those of `outlook`, as they were printed to standard output.

        Raises:
            Ended: it failed, or violates a mandatory policy; the reasons were printed.
            Interrupted: a signal asked for the end.
        """
        from cli.events.outlook import outlook  # late, since `up` does not need it

        log = EventLog()
        with tempfile.TemporaryFile() as output, view(self._command, milestones=False) as shown:
            code = self._pulumi(["preview", *arguments], output, log, shown)
            events = log.text()
            log.close()
            lines: list[str] = []
            if code == 0 or any(each.is_mandatory for each in self.progress.violations):
                lines = list(summary(events, self.progress.violations) if summary else outlook(events))
                shown.result(lines)
            if code == 0:
                for line in violations(self.progress.violations):
                    shown.line(line)
                shown.planned(self.progress)
                return lines
            self._fail(_read(output), shown)
        raise Ended(code if code > 0 else 1)

    def attached(self, arguments: Sequence[str]) -> None:
        """Runs Pulumi on the terminal, with its own output.

        Raises:
            Ended: it failed.
        """
        with self._attached(arguments) as python:
            command = ["pulumi", *arguments, "--stack", self._stack.name, *python.arguments]
            code = on_terminal(command, {**self._environment, **python.environment}, started=python.end_with)
        if code:
            raise Ended(code if code > 0 else 1)

    def _pulumi(self, arguments: Sequence[str], output: IO[bytes], log: EventLog, shown: View) -> int:
        command = ["pulumi", *arguments, "--stack", self._stack.name, "--non-interactive", "--color", "never"]
        self._is_planning = arguments[0] in ("up", "preview") and "--skip-preview" not in arguments
        with self._attached(arguments, output) as python:
            logged = [*command, "--event-log", log.path, *python.arguments]
            environment = {**self._environment, **python.environment}
            with in_own_group(logged, environment, output, pass_fds=[log.descriptor]) as process:
                python.end_with(process.pid)
                return self._follow(process, log, shown)

    def _attached(self, arguments: Sequence[str], errors: IO[bytes] | None = None) -> AbstractContextManager[Attached]:
        program = None if arguments[0] == "destroy" else PROGRAM
        return attached(self._environment, program=program, errors=errors)

    def _follow(self, process: subprocess.Popen[bytes], log: EventLog, shown: View) -> int:
        interrupted: Interrupted | None = None
        while True:
            try:
                ended = process.poll() is not None
                self._take(log, shown)
                if ended:
                    break
                shown.tick(self.progress)
                time.sleep(_POLL_SECONDS)
            except Interrupted as signalled:
                # At the first one Pulumi finishes the running operations and writes its state, at the second it ends.
                if interrupted is None:
                    shown.line("ending: the running operations are finished first (a second signal ends at once)")
                interrupted = signalled
                process.send_signal(signal.SIGINT)
        if interrupted:
            raise interrupted
        return process.returncode

    def _take(self, log: EventLog, shown: View) -> None:
        for event in log.new():
            if event is None:
                self.progress.preview_ended()
                self._is_planning = False
                shown.planned(self.progress)
                continue
            self.progress.take(event)
            if not (self._is_planning and isinstance(event, Step)):
                shown.show(event)

    def _fail(self, output: str, shown: View) -> None:
        for line in violations(self.progress.violations):
            shown.line(line)
        found = reasons(self.progress.messages)
        cause = undecrypted(self._stack, self._environment, output) or locked(self._stack, output)
        for text in found or cause or [_own_words(output)]:
            shown.line(f"error: {text}")
        if any(step.type.startswith(("docker:", "command:")) for step in self.progress.failed):
            self._show_logs(found, shown)
        # The steps of a preview are plans only, and so are those of an `up` that ends in its preview.
        applied = "nothing was applied" if self._is_planning else self.progress.applied()
        shown.line(f"{self._command} failed after {self.progress.seconds} s; {applied}")
        if self._command == "up":
            shown.line(f"make doctor STACK={self._stack.name} shows what is wrong")

    def _show_logs(self, found: Sequence[str], shown: View) -> None:
        """Shows the last log lines of containers that are stopped or unhealthy, without those that the reason has."""
        for role in _CONTAINERS:
            container = self._stack.docker_name(role)
            state = self._docker.field(container, "{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}").strip()
            if state in ("", "running", "running healthy"):
                continue
            done = self._docker.result("logs", "--tail", str(_LOG_LINES), container)
            lines = [
                line for line in (done.stdout + done.stderr).splitlines() if not any(line in text for text in found)
            ]
            if lines:
                shown.line(f"the last lines of {container} ({state}):")
                for line in lines:
                    shown.line(f"    {line}")


def _read(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode(errors="replace")


def _own_words(output: str) -> str:
    """Pulumi's output, for a run that failed before any event."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return "\n".join(dict.fromkeys(errors)) or "\n".join(lines[-5:]) or "Pulumi gave no reason"
