"""This machine: its engine, Pulumi, the ports, the store's name and docker's trust."""

import re
import socket
from collections.abc import Iterator

from cli.doctor.applied import Applied
from cli.doctor.engine import Engine
from cli.doctor.finding import Finding
from cli.machine.engine import OLDEST
from cli.machine.installed_pulumi import installed_pulumi
from cli.paths import ROOT, cache_folder
from cli.recovery import moved_endpoint
from cli.recovery.on_engine import on_engine
from cli.stack import trust
from cli.stack.stack import Stack
from cli.stack.state import State
from cli.versions import numbers
from stacks import layout


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


def ports(stack: Stack, engine: Engine) -> Iterator[Finding]:
    """Whether nginx listens on its ports, or could."""
    if stack.is_external or not engine.docker.endpoint.is_local or not stack.file.exists():
        return
    nginx = stack.settings.nginx
    addresses = " and ".join(nginx.bind_address)
    running = engine.field(stack.docker_name(layout.NGINX), "{{.State.Running}}") == "true"
    for key, port in (("nginx.httpsPort", nginx.https_port), ("nginx.httpPort", nginx.http_port)):
        if running:
            yield Finding(f"port {port}", f"nginx listens on it at {addresses}")
        elif taken := [f"{address}: {reason}" for address in nginx.bind_address if (reason := _taken(address, port))]:
            set_ = f"./store pulumi config set --stack {stack.name} --path {key} {port + 8000}"
            yield Finding(f"port {port}", "; ".join(taken), set_)
        else:
            yield Finding(f"port {port}", f"free at {addresses}")


def _taken(address: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # else :: would take the port of IPv4 too
        try:
            probe.bind((address, port))
        except PermissionError:
            return ""  # the engine may bind it
        except OSError as error:
            return error.strerror or str(error)
    return ""


def name_and_trust(stack: Stack) -> Iterator[Finding]:
    reach = trust.Reach.recorded(stack)
    if reach is None:
        return
    try:
        known = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(reach.host, None)})
    except OSError:
        known = []
    if known and (not reach.address or reach.address in known):
        yield Finding("name", f"{reach.host} resolves to {', '.join(known)}")
    else:
        detail = f"{reach.host} resolves to {', '.join(known) or 'nothing'}"
        detail += f" instead of {reach.address}" if reach.address else ""
        yield Finding("name", detail, f"sudo ./store trust --stack {stack.name}")
    found = {"missing": reach.missing(stack), "of an earlier name or port": reach.stale(stack)}
    wrong = [
        f"{what}: {', '.join(of_docker)}"
        for what, each in found.items()
        if (of_docker := [text for text in each if str(trust.HOSTS) not in text])
    ]
    fix = f"sudo ./store trust --stack {stack.name}" if wrong else ""
    if reach.registries:
        yield Finding("trust of docker", "; ".join(wrong) or "it has the CA", fix)
