"""python -m cli.stack.wanted STACK: prints the URL and the administrator's password of the stack file, as JSON.

It adds the last password that the server got, from the state. The provider runs this if the server refuses its
credentials, within a command that holds the stack's lock.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from cli.process import run
from exports.state import plain
from stacks.stack_file import NAMESPACE


def main(stack: str) -> None:
    shown = run(["pulumi", "config", "--stack", stack, "--show-secrets", "--json", "--non-interactive"], env=os.environ)
    exported = run(["pulumi", "stack", "export", "--stack", stack, "--show-secrets"], env=os.environ)
    state = json.loads(exported.stdout or "{}")
    sys.stdout.write(json.dumps({**wanted(json.loads(shown.stdout or "{}")), **given(state)}))


def wanted(config: Mapping[str, Any]) -> dict[str, str]:
    """The administrator's password and, for an external Nexus, its URL."""
    found = {"url": _section(config, "nexus").get("url"), "password": _section(config, "passwords").get("admin")}
    return {key: value for key, value in found.items() if isinstance(value, str) and value}


def given(state: Mapping[str, Any]) -> dict[str, str]:
    """The administrator's password in the state, from the resource that changes it; empty without that."""
    for resource in (state.get("deployment") or {}).get("resources") or ():
        if str(resource["urn"]).endswith("::admin-password"):
            password = ((resource.get("outputs") or {}).get("body") or {}).get("password")
            text = plain(password)
            return {"given": text} if isinstance(text, str) and text else {}
    return {}


def _section(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = (config.get(f"{NAMESPACE}{key}") or {}).get("objectValue")
    return value if isinstance(value, Mapping) else {}


if __name__ == "__main__":
    main(*sys.argv[1:])
