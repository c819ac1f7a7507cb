"""This machine: its engine, and Pulumi."""

import re
import shlex
from collections.abc import Iterator

from cli.doctor.applied import Applied
from cli.doctor.engine import Engine
from cli.doctor.finding import Finding, check
from cli.machine import provenance
from cli.machine.built_images import is_built_here
from cli.machine.engine import OLDEST
from cli.machine.installed_pulumi import installed_pulumi
from cli.machine.toolchain import built_pulumi, parts_of
from cli.paths import ROOT
from cli.recovery import moved_endpoint
from cli.recovery.on_engine import on_engine
from cli.stack.stack import Stack
from cli.stack.state import State
from cli.versions import numbers
from stacks import layout


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
    built = built_pulumi()
    if built:
        yield Finding("Pulumi", f"built here ({built})")
    else:
        yield Finding("Pulumi", "neither installed nor built yet", f"make up STACK={stack.name}")


def _oldest_pulumi() -> str:
    """The oldest release that Pulumi.yaml allows."""
    required = re.search(r'^requiredPulumiVersion: ">=([0-9.]+)"', (ROOT / "Pulumi.yaml").read_text("utf-8"), re.M)
    return required.group(1) if required else "0"


@check("provenance")
def built_here(stack: Stack, engine: Engine) -> Iterator[Finding]:
    """Whether the programs and the containers that are built here are still those that were built."""
    programs = built_pulumi()
    found = provenance.compare(programs, {} if stack.is_external or not engine.version else _images(stack, engine))
    up = f"make up STACK={stack.name}"
    for module, files in found.altered_programs.items():
        again = shlex.join(["rm", "-r", str(programs), *map(str, parts_of(module))])
        yield Finding("provenance", f"altered after it was built: {', '.join(files)}", f"{again}; {up}")
    for image in found.altered_images:
        again = f"docker image rm --force {image}; {up}"
        yield Finding("provenance", f"a container runs another image than the one built as {image}", again)
    if not found.altered_programs and not found.altered_images and (found.statements or found.without):
        names = ", ".join(found.without)
        older = f"; built by an earlier version, without a statement: {names}" if names else ""
        yield Finding("provenance", f"{len(found.statements)} statements name what is deployed{older}")


def _images(stack: Stack, engine: Engine) -> dict[str, str]:
    """The ids that the containers run, by the references of those images that are built here."""
    keys = {layout.NEXUS: "nexus", layout.NGINX: "nginx", **dict.fromkeys(stack.certificate_roles, "tls")}
    named = {str(stack.settings.given(f"{key}.image") or ""): stack.docker_name(role) for role, key in keys.items()}
    ids = {image: engine.field(name, "{{.Image}}") for image, name in named.items() if is_built_here(image)}
    return {image: image_id for image, image_id in ids.items() if image_id}
