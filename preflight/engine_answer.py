"""Runs docker commands on the engine of the stack, before anything is registered."""

import subprocess
from collections.abc import Mapping

from preflight.child_environment import child_environment
from preflight.engine_endpoint import is_option
from stacks.layout import ENGINE_SECONDS

# A busy engine is slow, and what depends on its answer ends without it.
_PATIENCE = 3 * ENGINE_SECONDS
# If ssh ends at once, docker sometimes reports its own end of the pipe in place of what ssh said: it is asked again.
_CLOSED_PIPE = "write |1: "
_TRIES = 4


class Unanswered(Exception):
    """The engine did not answer, so what was asked is unknown; the message has its reason."""


def engine_answer(environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS) -> str | None:
    """The stdout of a docker command on the environment's engine; None if it fails or takes longer.

    None is no answer: `required_answer` and `is_there` are for what must not be taken for absent.
    """
    try:
        return required_answer(environment, *arguments, seconds=seconds)
    except Unanswered:
        return None


def required_answer(environment: Mapping[str, str], *arguments: str, seconds: float = _PATIENCE) -> str:
    """The stdout of a docker command on the environment's engine.

    Raises:
        Unanswered: it fails or takes longer.
    """
    done = _asked(environment, *arguments, seconds=seconds)
    if done.returncode:
        raise Unanswered(f"docker {' '.join(arguments[:2])}: {_complaint(done)}")
    return done.stdout


def is_there(environment: Mapping[str, str], kind: str, name: str) -> bool:
    """Whether the engine has a container or volume of the name, by its own list: what cannot be asked is not absent.

    Raises:
        Unanswered: the engine does not list them.
    """
    options = ("--all", "--format", "{{.Names}}") if kind == "container" else ("--format", "{{.Name}}")
    return name in required_answer(environment, kind, "ls", *options).splitlines()


def engine_complaint(environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS) -> str:
    """The first line of stderr of a docker command that fails; empty if it works or takes longer."""
    try:
        done = _asked(environment, *arguments, seconds=seconds)
    except Unanswered:
        return ""
    return _complaint(done) if done.returncode else ""


def _complaint(done: subprocess.CompletedProcess[str]) -> str:
    return next(iter(done.stderr.splitlines()), "it failed")


def _asked(
    environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS
) -> subprocess.CompletedProcess[str]:
    if is_option(host := environment.get("DOCKER_HOST", "")):  # of a state, which names what an earlier `up` used
        raise Unanswered(f"docker {' '.join(arguments[:2])}: {host!r} is an option of ssh and no host")
    try:
        return run_docker(environment, *arguments, seconds=seconds)
    except subprocess.TimeoutExpired:
        raise Unanswered(f"docker {' '.join(arguments[:2])}: no answer within {seconds:.0f} s") from None
    except OSError:
        raise Unanswered("there is no docker command on this machine") from None


def run_docker(environment: Mapping[str, str], *arguments: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """A docker command on the environment's engine, with nothing on its stdin.

    Raises:
        subprocess.TimeoutExpired: it takes longer.
        OSError: there is no docker command.
    """
    for _ in range(_TRIES):
        done = subprocess.run(  # noqa: S603 - names of our own
            ["docker", *arguments],  # noqa: S607 - the one on PATH, as everywhere
            env=child_environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        if _CLOSED_PIPE not in done.stderr:
            break
    return done
