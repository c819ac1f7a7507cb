"""Other credentials for a server that refuses those that the provider has been given.

On a refresh and a destroy the engine gives the provider what the last `up` applied. On an `up` it gives the provider
what the stack file wants, and saves that in the state before the password has been set on the server.
The command in the variable REPOSITORY_STORE_WANTED prints what the stack file wants and what was last set on the server
as JSON, {"url": ..., "password": ..., "given": ...}; it runs only after the server has refused the first credentials.
"""

import json
import os
import shlex
import subprocess
from dataclasses import dataclass, field, replace

from nexus.http.connection import Connection

COMMAND = "REPOSITORY_STORE_WANTED"
_SECONDS = 60


@dataclass(frozen=True)
class Known:
    """Other credentials to try."""

    wanted: Connection | None
    """With the URL and the password that the stack file wants now; None if they are the same or unknown."""
    given: str = field(repr=False)
    """The password that was last set on the server; empty if it is the same or unknown."""


def known(connection: Connection) -> Known:
    """The command's answer, as far as it differs from the connection."""
    answer = _asked(os.environ.get(COMMAND, ""))
    wanted = replace(
        connection, url=answer.get("url") or connection.url, password=answer.get("password") or connection.password
    )
    given = answer.get("given", "")
    return Known(
        None if wanted == connection else wanted, "" if given in (connection.password, wanted.password) else given
    )


def _asked(command: str) -> dict[str, str]:
    if not command:
        return {}
    try:
        arguments = shlex.split(command)
        # From the environment, like EDITOR or PAGER.
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603
        return {key: str(value) for key, value in json.loads(done.stdout).items() if value}
    except (OSError, ValueError, AttributeError, subprocess.SubprocessError):
        return {}
