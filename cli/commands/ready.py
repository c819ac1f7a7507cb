"""What every command that deploys a stack does first: check and lock the stack, and prepare the machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from cli.docker import Docker
from cli.machine.engine import engine_steps
from cli.machine.images_in_use import images_needed
from cli.recovery import moved_endpoint, processes
from cli.recovery.on_engine import on_engine
from cli.recovery.recovery import Recovery
from cli.snapshots.helper import finish_interrupted
from cli.stack import address, checkpoint, creation, history, killed_pulumi, known
from cli.stack.environment import stack_environment
from cli.stack.lock import StackLock
from cli.stack.passphrase import refuse_lost_passphrase
from cli.stack.prepare import prepare
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from cli.stack.state import read_state


@dataclass(frozen=True)
class Ready:
    """A stack that this command has locked, with its engine and Pulumi's environment."""

    stack: Stack
    docker: Docker
    environment: Mapping[str, str]

    def recovery(self) -> Recovery:
        """What the state and the engine have now.

        Raises:
            CommandError: the state cannot be read, or the engine does not list its objects.
        """
        return Recovery.of(self.stack, self.docker, self.environment)


@contextmanager
def ready(name: str, command: str, *, wait: bool = True, images: bool = True) -> Iterator[Ready]:
    """Locks the stack, and makes sure that the stack, its engine and, with `images`, its images are available.

    Raises:
        CommandError: something is missing that cannot be installed or built here.
        Ended: the same, and the reason was printed.
    """
    stack = Stack(name)
    if not stack.is_own:
        known.require_file(stack)
    with StackLock(stack, command, wait=wait):
        known.require_right_file(stack)  # what is prepared depends on it
        if stack.is_own:
            refuse_lost_passphrase()
        else:
            known.require_state(stack, stack_environment(stack))
        with images_needed(stack.docker_host) if images else nullcontext():
            try:
                yield _prepared(stack, images=images)
            finally:
                if stack.is_own:
                    history.prune(stack)  # failed updates, downs and imports add to it too


def _prepared(stack: Stack, *, images: bool) -> Ready:
    if stack.is_own and not stack.is_external and creation.is_made(stack) and not checkpoint.is_damaged(stack):
        _refuse_another_engine(stack)  # before it gets the images
    settings = prepare(stack, images=images)
    stack, environment = _existing(stack)
    docker = Docker(stack.docker_host)
    if not stack.is_external:
        finish_interrupted(stack, docker)
        if stack.is_own:
            stack = _settled(stack, docker, environment, settings)
    return Ready(stack, docker, environment)


def _refuse_another_engine(stack: Stack) -> None:
    docker = Docker(stack.docker_host)
    state = read_state(stack, {})
    if moved_endpoint.recorded(state) in ("", docker.endpoint.host) or engine_steps(stack.docker_host):
        return  # the same one, or one that has to be started first
    moved_endpoint.refuse_another_engine(stack, docker, state, on_engine(stack, docker))


def _existing(stack: Stack) -> tuple[Stack, Mapping[str, str]]:
    if not stack.is_own:
        return stack, stack_environment(stack)
    if not creation.is_made(stack):
        stack = creation.make(stack)
        known.require_right_file(stack)
    killed_pulumi.release(stack)
    processes.end_orphans(stack)
    checkpoint.repair(stack)
    return stack, stack_environment(stack)


def _settled(stack: Stack, docker: Docker, environment: Mapping[str, str], images: Mapping[str, str]) -> Stack:
    """The stack, after its file was updated with an address of this host and images of its engine."""
    wanted = dict(images)
    if address.is_lost(stack):
        wanted |= dict.fromkeys(("address", "nginx.bindAddress"), address.choose_address(stack.name, docker))
    changed = {key: value for key, value in wanted.items() if stack.settings.given(key) != value}
    for key, value in changed.items():
        pulumi(key, "config", "set", "--stack", stack.name, "--path", key, value, env=environment)
    return Stack(stack.name) if changed else stack
