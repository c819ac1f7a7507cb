"""What the stack file wants by now, where the state holds what a server no longer takes.

On a refresh and a destroy the engine hands the provider what the last `up` applied. The command in the variable
REPOSITORY_STORE_WANTED prints what would be applied now as JSON, {"url": ..., "password": ...}; it is run only when
the server has refused the other.
"""

import json
import os
import shlex
import subprocess
from dataclasses import replace

from nexus.http.connection import Connection

COMMAND = "REPOSITORY_STORE_WANTED"
_SECONDS = 60


def wanted(connection: Connection) -> Connection | None:
    """The connection with the URL and the password of the stack file; None where that is the same, or not known."""
    said = _asked(os.environ.get(COMMAND, ""))
    found = replace(
        connection, url=said.get("url") or connection.url, password=said.get("password") or connection.password
    )
    return None if found == connection else found


def _asked(command: str) -> dict[str, str]:
    if not command:
        return {}
    try:
        arguments = shlex.split(command)
        # Out of the environment, as an editor's or a pager's is.
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603
        return {key: str(value) for key, value in json.loads(done.stdout).items() if value}
    except (OSError, ValueError, AttributeError, subprocess.SubprocessError):
        return {}
