"""Runs docker commands on the engine of the stack, before anything is registered."""

import subprocess
from collections.abc import Mapping

from preflight.child_environment import child_environment
from stacks.layout import ENGINE_SECONDS


def engine_answer(environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS) -> str | None:
    """The stdout of a docker command on the environment's engine; None if it fails or takes longer."""
    done = _asked(environment, *arguments, seconds=seconds)
    return done.stdout if done and not done.returncode else None


def engine_complaint(environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS) -> str:
    """The first line of stderr of a docker command that fails; empty if it works or takes longer."""
    done = _asked(environment, *arguments, seconds=seconds)
    return next(iter(done.stderr.splitlines()), "it failed") if done and done.returncode else ""


def _asked(
    environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS
) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(  # noqa: S603 - names of our own
            ["docker", *arguments],  # noqa: S607 - the one on PATH, as everywhere
            env=child_environment(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
