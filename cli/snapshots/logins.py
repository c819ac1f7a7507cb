"""Gives a restored store the passwords of its stack, if the snapshot was of another store."""

import getpass
import json
import os
import sys
from collections.abc import Mapping

from cli.errors import CommandError
from cli.stack.pulumi import pulumi
from cli.stack.rotation import ADMIN, Rotation
from cli.stack.stack import Stack
from exports import state
from stacks.stack_file import NAMESPACE

_PASSWORD = "NEXUS_PASSWORD"


def former_password(stack: str) -> str:
    """The administrator's password at the time of the snapshot, from the environment or the terminal.

    Raises:
        CommandError: there is neither.
    """
    if given := os.environ.get(_PASSWORD, ""):
        return given
    if not sys.stdin.isatty():
        raise CommandError(
            _PASSWORD,
            "missing",
            allowed=f"the password of admin in the snapshot, by ./store pulumi config get --stack {stack} --path "
            "passwords.admin where that stack is",
            fix=f"export {_PASSWORD}",
        )
    return getpass.getpass(f"Password of admin of the stack {stack} at the time of the snapshot: ", sys.stderr)


def take_over(stack: Stack, environment: Mapping[str, str], former: str) -> list[str]:
    """Sets the administrator's password to the one in the state, and those of the users that the stack has created to
    those in the stack file; returns the users. One that the snapshot does not have is left to the next `up`.

    Raises:
        CommandError: the server refuses the former password or does not answer.
    """
    from nexus.errors import NexusError, NotFound  # late, since they load an HTTP client
    from nexus.http.access import Access
    from nexus.http.client import NexusClient
    from nexus.model import Ref

    secrets = Rotation(stack, environment)
    connection = state.connection(secrets.state)
    passwords = _in_file(stack, environment)
    changed = [ADMIN]
    try:
        Access(connection).rotate(former)
        client = NexusClient(connection)
        for user in secrets.users:
            if user == ADMIN:
                continue
            try:
                path = Ref("user", user).path("/v1/security/users/{name}/change-password")
                client.put_text(path, passwords[user])
                changed.append(user)
            except NotFound:
                continue
    except NexusError as error:
        raise CommandError(_PASSWORD, str(error), fix="the same command with the password of that time") from None
    return changed


def _in_file(stack: Stack, environment: Mapping[str, str]) -> Mapping[str, str]:
    shown = ("config", "--stack", stack.name, "--show-secrets", "--json", "--non-interactive")
    found = json.loads(pulumi(f"STACK={stack.name}", *shown, env=environment))
    passwords: Mapping[str, str] = (found.get(f"{NAMESPACE}passwords") or {}).get("objectValue") or {}
    return passwords
