"""python -m exports export URL > stacks/topology.yaml
pulumi stack export --show-secrets | python -m exports report [--as-yaml] [KEY...]
pulumi stack export --show-secrets | python -m exports removable
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from exports import state, topology_file
from exports.inventory import Inventory
from exports.removal import outcome, refused
from nexus.advice import pasteable
from nexus.errors import NexusError, Untrusted
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.objects.reader import Reader
from nexus.problem import Problem

USAGE = """usage: make export URL=https://HOST[:PORT], with NEXUS_PASSWORD set; also NEXUS_USER, NEXUS_CA, NEXUS_ADDRESS
       make report [STACK=NAME] [KEYS='repositories.legacy-*'] [YAML=1]"""
_AS_YAML = "--as-yaml"


def main(arguments: list[str]) -> str:
    """Runs a command and returns its output.

    Raises:
        ValueError: the arguments are wrong, or the stack must not be removed.
        NexusError: the server did not answer, or refused a request.
    """
    match arguments:
        case ["export", url]:
            inventory = Inventory(Reader(NexusClient(_connection(url))))
            return topology_file.text(inventory.found(), inventory.realms(), inventory.anonymous_access())
        case ["report", *keys]:
            return _report(json.load(sys.stdin), [key for key in keys if key != _AS_YAML], as_yaml=_AS_YAML in keys)
        case ["removable"]:
            exported = json.load(sys.stdin)
            if refusal := refused(exported):
                raise ValueError(refusal)
            return outcome(exported)
    raise ValueError(USAGE)


def _connection(url: str) -> Connection:
    """Takes the password from the environment, since other users can read a command line."""
    password, authority = os.environ.get("NEXUS_PASSWORD", ""), os.environ.get("NEXUS_CA", "")
    if not password or not url.startswith("https://"):
        raise ValueError(USAGE)
    return Connection(
        url=url.rstrip("/"),
        password=password,
        username=os.environ.get("NEXUS_USER", "admin"),
        address=os.environ.get("NEXUS_ADDRESS") or None,
        ca_pem=Path(authority).read_text(encoding="utf-8") if authority else "",
    )


def _report(exported: Mapping[str, Any], patterns: Sequence[str] = (), *, as_yaml: bool = False) -> str:
    """What the server has and the stack does not; with patterns only the keys that match one."""
    inventory = Inventory(Reader(NexusClient(state.connection(exported))))
    others = inventory.foreign(state.managed(exported))
    found = [each for each in others if not patterns or any(fnmatchcase(each.key, pattern) for pattern in patterns)]
    if patterns and not found:
        keys = f"one of {len(others)} keys, like {others[0].key}" if others else "none: everything is in the stack"
        raise ValueError(
            Problem("KEY", "matches nothing that is on the server and not in the stack", keys, got=" ".join(patterns))
        )
    if as_yaml:
        return topology_file.excerpt(inventory.whole(found))
    if not found:
        return "everything on the server is in the stack\n"
    return "on the server and not in the stack:\n" + "".join(f"  {each.key}\n" for each in found)


if __name__ == "__main__":
    try:
        sys.stdout.write(main(sys.argv[1:]))
    except Untrusted as error:
        problem = str(error).partition(". Fix: ")[0]
        sys.exit(f"exports: {problem}. Fix: NEXUS_CA=FILE, with the CA certificate that signed it")
    except (NexusError, ValueError, OSError) as error:
        sys.exit(pasteable(f"exports: {error}"))
