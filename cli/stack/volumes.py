"""Volumes that somebody removed from the engine."""

import json
from collections.abc import Iterable, Mapping

from cli.console import say
from cli.docker import Docker
from cli.process import run
from cli.stack.stack import Stack

_VOLUME = "docker:index/volume:Volume"


def recreate_missing(stack: Stack, docker: Docker, environment: Mapping[str, str]) -> None:
    """Makes them again, empty, since Pulumi's docker provider fails on one that is in the state and not on the engine.

    Only when one is missing that the stack file asks for, the state is read, which takes a moment.
    """
    there = set(docker.do("volume", "ls", "--quiet").splitlines())
    if _expected(stack) <= there:
        return
    for name in _of_state(stack, environment):
        if name not in there:
            docker.do("volume", "create", name)
            say(f"the volume {name} is gone, with all that was in it: it is made anew, empty")


def _expected(stack: Stack) -> set[str]:
    roles = ["nexus-data", "nginx-configuration"]
    roles += ["acme"] if stack.get("tls.mode") == "acme" else []
    roles += ["nginx-cache"] if stack.get("nginx.blobCache") else []
    return {stack.docker_name(role) for role in roles}


def _of_state(stack: Stack, environment: Mapping[str, str]) -> Iterable[str]:
    exported = run(["pulumi", "stack", "export", "--stack", stack.name], env=environment)
    if exported.returncode:
        return []
    resources = json.loads(exported.stdout)["deployment"].get("resources") or []
    return [resource["outputs"]["name"] for resource in resources if resource["type"] == _VOLUME]
