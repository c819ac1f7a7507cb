"""This machine: its engine, and Pulumi."""

import re
from collections.abc import Iterator

from cli.doctor.applied import Applied
from cli.doctor.engine import Engine
from cli.doctor.finding import Finding, check
from cli.machine.engine import OLDEST
from cli.machine.installed_pulumi import installed_pulumi
from cli.paths import ROOT, cache_folder
from cli.recovery import moved_endpoint
from cli.recovery.on_engine import on_engine
from cli.stack.stack import Stack
from cli.stack.state import State
from cli.versions import numbers


@check("Docker engine")
def docker_engine(stack: Stack, engine: Engine) -> Iterator[Finding]:
    if stack.is_external:
        return
    version = engine.version
    if not version:
        yield Finding("Docker engine", f"none answers at {engine.docker.endpoint}", f"make up STACK={stack.name}")
    elif numbers(version)[:2] < OLDEST:
        yield Finding(
            "Docker engine", f"{version} is older than {'.'.join(map(str, OLDEST))}", "sudo apt-get install docker.io"
        )
    else:
        yield Finding("Docker engine", f"{version} at {engine.docker.endpoint}")


@check("endpoint")
def endpoint(stack: Stack, engine: Engine, applied: Applied) -> Iterator[Finding]:
    """Whether the state's endpoint is one of the same engine, and still answers."""
    document = None if stack.is_external or not engine.version else applied.state()
    if document is None:
        return
    state = State(document)
    moved_endpoint.refuse_another_engine(stack, engine.docker, state, on_engine(stack, engine.docker))
    if gone := moved_endpoint.has_moved(engine.docker, state):
        yield Finding(
            "endpoint", f"the state names {gone}, which does not answer any more", f"make up STACK={stack.name}"
        )


@check("Pulumi")
def pulumi(stack: Stack) -> Iterator[Finding]:
    if installed := installed_pulumi():
        oldest = _oldest_pulumi()
        if installed.numbers < numbers(oldest):
            fix = "install a newer one (https://www.pulumi.com/docs/install), or remove it from PATH: one is built then"
            yield Finding(
                "Pulumi", f"{installed.version or 'no version'} ({installed.path}) is older than {oldest}", fix
            )
        else:
            yield Finding("Pulumi", f"{installed.version} ({installed.path})")
        return
    built = sorted(path for path in cache_folder().glob("toolchain-????????????") if (path / "bin" / "pulumi").exists())
    if built:
        yield Finding("Pulumi", f"built here ({built[-1]})")
    else:
        yield Finding("Pulumi", "neither installed nor built yet", f"make up STACK={stack.name}")


def _oldest_pulumi() -> str:
    """The oldest release that Pulumi.yaml allows."""
    required = re.search(r'^requiredPulumiVersion: ">=([0-9.]+)"', (ROOT / "Pulumi.yaml").read_text("utf-8"), re.M)
    return required.group(1) if required else "0"
