"""What the engine of the stack says while the program runs, before anything is registered."""

import os
import subprocess
from collections.abc import Mapping

_SECONDS = 20


def engine_answer(environment: Mapping[str, str], *arguments: str) -> str | None:
    """What a docker command prints on the engine that the environment names; None when it fails or takes 20 s."""
    try:
        return subprocess.run(  # noqa: S603 - names of our own
            ["docker", *arguments],  # noqa: S607 - the one on PATH, as everywhere
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
