"""What else may open a server that refuses what the provider was handed.

On a refresh and a destroy the engine hands the provider what the last `up` applied. An `up` hands it what the stack
file wants, and keeps that in the state before the server has been given the password.
The command in the variable REPOSITORY_STORE_WANTED prints what the stack file wants and what the server was given as
JSON, {"url": ..., "password": ..., "given": ...}; it is run only when the server has refused the other.
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
    """What else there is to try."""

    wanted: Connection | None
    """With the URL and the password that are wanted now; None where that is the same, or not known."""
    given: str = field(repr=False)
    """The password that the server was given last; empty where that is the same, or not known."""


def known(connection: Connection) -> Known:
    """What the command says that is another than the connection has."""
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
        # Out of the environment, as an editor's or a pager's is.
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603
        return {key: str(value) for key, value in json.loads(done.stdout).items() if value}
    except (OSError, ValueError, AttributeError, subprocess.SubprocessError):
        return {}
