"""Events of a deployment, as Pulumi writes them."""

import json
from typing import Any

from cli.events.event import parse
from cli.events.progress import Progress

URN = "urn:pulumi:local::repository-store::"
NGINX = f"{URN}repository-store:components:NginxProxy$docker:index/container:Container::nginx"
STACK = f"{URN}pulumi:pulumi:Stack::repository-store-local"


def step(phase: str, operation: str, urn: str, **more: Any) -> str:
    kind = urn.split("::")[2].split("$")[-1]
    return json.dumps({"sequence": 1, phase: {"metadata": {"op": operation, "urn": urn, "type": kind, **more}}})


def diagnostic(severity: str, message: str, urn: str = "", **more: Any) -> str:
    return json.dumps({"diagnosticEvent": {"severity": severity, "message": message, "urn": urn, **more}})


def progress(*lines: str) -> Progress:
    found = Progress()
    for line in lines:
        event = parse(line)
        assert event is not None
        found.take(event)
    return found


ROLE = f"{URN}pulumi-python:dynamic/nexus:Role::role-a"


def objects(phase: str, operation: str, count: int, name: str = "", **inputs: Any) -> list[str]:
    state = {"new" if operation == "create" else "old": {"inputs": {"kind": "role", **inputs}}}
    return [step(phase, operation, f"{ROLE}{name or operation}{number}", **state) for number in range(count)]
