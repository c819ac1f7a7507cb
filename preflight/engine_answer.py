"""What the engine of the stack says while the program runs, before anything is registered."""

import subprocess
from collections.abc import Mapping

from preflight.child_environment import child_environment
from stacks.layout import ENGINE_SECONDS


def engine_answer(environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS) -> str | None:
    """What a docker command prints on the engine that the environment names; None when it fails or takes longer."""
    done = _asked(environment, *arguments, seconds=seconds)
    return done.stdout if done and not done.returncode else None


def engine_complaint(environment: Mapping[str, str], *arguments: str, seconds: float = ENGINE_SECONDS) -> str:
    """What a docker command says when it fails, in one line; nothing when it works or takes longer."""
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
