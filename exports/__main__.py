"""python -m exports export URL > stacks/topology.yaml
pulumi stack export --show-secrets | python -m exports report
pulumi stack export --show-secrets | python -m exports removable
"""

import json
import os
import sys
from collections.abc import Mapping
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

USAGE = """usage: make export URL=https://HOST[:PORT], with NEXUS_PASSWORD set; also NEXUS_USER, NEXUS_CA, NEXUS_ADDRESS
       make report [STACK=NAME]"""


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
        case ["report"]:
            return _report(json.load(sys.stdin))
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


def _report(exported: Mapping[str, Any]) -> str:
    own = state.managed(exported)
    inventory = Inventory(Reader(NexusClient(state.connection(exported))))
    others = [
        each.key for each in inventory.found() if not {(each.ref.kind, each.name), (each.ref.kind, each.ref.id)} & own
    ]
    if not others:
        return "everything on the server is in the stack\n"
    return "on the server and not in the stack:\n" + "".join(f"  {name}\n" for name in others)


if __name__ == "__main__":
    try:
        sys.stdout.write(main(sys.argv[1:]))
    except Untrusted as error:
        problem = str(error).partition(". Fix: ")[0]
        sys.exit(f"exports: {problem}. Fix: NEXUS_CA=FILE, with the CA certificate that signed it")
    except (NexusError, ValueError, OSError) as error:
        sys.exit(pasteable(f"exports: {error}"))
