"""./store doctor: what this machine and a stack have, and the command that mends what is missing.

It changes nothing and makes nothing; each question has a time limit, so that a host that is gone costs seconds.
"""

import os
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cli.docker import Docker
from cli.errors import CommandError, Ended
from cli.paths import cache_folder
from cli.process import run
from cli.snapshots import helper
from cli.snapshots.place import folder_here, names_in
from cli.stack import creation, known, trust
from cli.stack.lock import holder
from cli.stack.stack import Stack
from cli.storage.shown import size
from preflight.host_disk import host_disk
from stacks.topology.quotas import least_free

_SECONDS = 4.0
_OLDEST_ENGINE = (20, 10)
_LAST_DAYS = 14
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    what: str
    said: str
    fix: str = ""
    """The command that mends it; empty where nothing is wrong."""


def doctor(name: str) -> None:
    """Prints the table.

    Raises:
        Ended: something is wrong.
    """
    stack = Stack(name)
    checks: list[Callable[[Stack], Iterator[Finding]]] = [
        _engine, _pulumi, _stack, _lock, _ports, _name_and_trust, _certificate, _disk, _backups
    ]  # fmt: skip
    with ThreadPoolExecutor(len(checks)) as pool:
        found = [
            finding for findings in pool.map(lambda check: _answered(check, stack), checks) for finding in findings
        ]
    _print(found)
    if any(finding.fix for finding in found):
        raise Ended(1)


def _answered(check: Callable[[Stack], Iterator[Finding]], stack: Stack) -> list[Finding]:
    try:
        return list(check(stack))
    except (CommandError, OSError) as error:
        return [Finding(check.__name__.strip("_").replace("_", " "), str(error), "see there")]


def _print(found: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in found:
        table.add_row("[red]✗[/red]" if finding.fix else "[green]✓[/green]", finding.what, finding.said, finding.fix)
    Console(width=None if os.isatty(1) else 160).print(table)


def _engine(stack: Stack) -> Iterator[Finding]:
    if stack.is_external:
        return
    version = Docker(stack.docker_host).within(_SECONDS, "version", "--format", "{{.Server.Version}}")
    if not version:
        where = stack.docker_host or os.environ.get("DOCKER_HOST", "this machine")
        yield Finding("Docker engine", f"none answers at {where}", f"make up STACK={stack.name}")
    elif tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_ENGINE:
        yield Finding("Docker engine", f"{version} is older than 20.10", "sudo apt-get install docker.io")
    else:
        yield Finding("Docker engine", version)


def _pulumi(stack: Stack) -> Iterator[Finding]:
    if installed := shutil.which("pulumi"):
        yield Finding("Pulumi", f"{run([installed, 'version']).stdout.strip()} ({installed})")
        return
    built = sorted(path for path in cache_folder().glob("toolchain-????????????") if (path / "bin" / "pulumi").exists())
    if built:
        yield Finding("Pulumi", f"built here ({built[-1]})")
    else:
        yield Finding("Pulumi", "neither installed nor built yet", f"make up STACK={stack.name}")


def _stack(stack: Stack) -> Iterator[Finding]:
    what = f"stack {stack.name}"
    if stack.is_own and not creation.is_made(stack):
        half = stack.unfinished.exists()
        yield Finding(what, "half made" if half else "not made yet", f"make up STACK={stack.name}")
        return
    known.require_file(stack)
    known.require_right_file(stack)
    if not stack.is_own:
        yield Finding(what, "shared; its state is where PULUMI_BACKEND_URL or pulumi login says")
    elif stack.has_resources:
        yield Finding(what, "deployed")
    else:
        yield Finding(what, "made, and nothing of it is deployed", f"make up STACK={stack.name}")
    left = "" if stack.is_external else Docker(stack.docker_host).within(_SECONDS, *_INSPECT, helper.name_of(stack))
    if left and holder(stack) is None:
        yield Finding(what, "a backup or restore was cut off", f"make up STACK={stack.name}")


_INSPECT = ("inspect", "--type", "container", "--format", "{{.Id}}")


def _lock(stack: Stack) -> Iterator[Finding]:
    held = holder(stack)
    yield Finding("lock", f"held by {held}" if held else "nobody works on the stack")


def _ports(stack: Stack) -> Iterator[Finding]:
    """Whether nginx has its ports, or could take them."""
    docker = Docker(stack.docker_host)
    if stack.is_external or not docker.is_local or not stack.file.exists():
        return
    address = stack.text("nginx.bindAddress") or "0.0.0.0"  # noqa: S104
    running = docker.within(_SECONDS, *_INSPECT[:-1], "{{.State.Running}}", stack.docker_name("nginx")) == "true"
    for key, usual in (("nginx.httpsPort", 443), ("nginx.httpPort", 80)):
        port = int(stack.text(key) or usual)
        if running:
            yield Finding(f"port {port}", f"nginx has it at {address}")
        elif reason := _taken(address, port):
            set_ = f"./store pulumi config set --stack {stack.name} --path {key} {port + 8000}"
            yield Finding(f"port {port}", f"{address}: {reason}", set_)
        else:
            yield Finding(f"port {port}", f"free at {address}")


def _taken(address: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError:
            return ""  # the engine may
        except OSError as error:
            return error.strerror or str(error)
    return ""


def _name_and_trust(stack: Stack) -> Iterator[Finding]:
    reach = trust.Reach.noted(stack)
    if reach is None:
        return
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(reach.host, None)})
    except OSError:
        found = []
    if found and (not reach.address or reach.address in found):
        yield Finding("name", f"{reach.host} is {', '.join(found)}")
    else:
        said = f"{reach.host} is {', '.join(found) or 'not known'}, and not {reach.address or 'known to DNS'}"
        yield Finding("name", said, f"sudo ./store trust --stack {stack.name}")
    missing = [text for text in reach.missing(stack) if str(trust.HOSTS) not in text]
    fix = f"sudo ./store trust --stack {stack.name}" if missing else ""
    if reach.registries:
        yield Finding("trust of docker", f"missing: {', '.join(missing)}" if missing else "it has the CA", fix)


def _certificate(stack: Stack) -> Iterator[Finding]:
    """Of the store as clients see it, verified as they verify it."""
    reach = trust.Reach.noted(stack)
    if reach is None or not stack.file.exists():
        return
    context = ssl.create_default_context(cadata=reach.ca or None)
    port = int(stack.text("nginx.httpsPort") or 443)
    try:
        with (
            socket.create_connection((reach.address or reach.host, port), _SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=reach.host) as verified,
        ):
            presented: Mapping[str, object] = verified.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield Finding("certificate", error.verify_message, f"make up STACK={stack.name}")
        return
    except OSError as error:
        why = error.strerror or "no answer"
        yield Finding("store", f"{reach.host}:{port} does not answer ({why})", f"make up STACK={stack.name}")
        return
    days = int((ssl.cert_time_to_seconds(str(presented["notAfter"])) - time.time()) / _DAY)
    yield Finding(
        "certificate", f"verified, for {days} more days", f"make up STACK={stack.name}" if days < _LAST_DAYS else ""
    )


def _disk(stack: Stack) -> Iterator[Finding]:
    """A full one fails uploads, and stops the database that is on it too."""
    if stack.is_external:
        return
    docker = Docker(stack.docker_host)
    if not docker.within(_SECONDS, "version", "--format", "{{.Server.Version}}"):
        return
    disk = host_disk(docker.environment, stack.docker_name("nexus"), _SECONDS)
    if disk is None:
        return
    said = f"{size(disk.free)} of {size(disk.total)} are free"
    fix = f"make storage STACK={stack.name} CLEAN=1" if disk.free < least_free(disk.total) else ""
    yield Finding("disk", f"{said}: a full one stops uploads, and Nexus's database with them" if fix else said, fix)


def _backups(stack: Stack) -> Iterator[Finding]:
    location = stack.text("backup.location")
    if stack.is_external or not stack.file.exists():
        return
    if not location:
        if not stack.is_own:
            set_ = f"./store pulumi config set --stack {stack.name} --path backup.location /srv/backups"
            yield Finding("backups", "the stack file names no place for them", set_)
        return
    folder = folder_here(stack)
    if folder and os.access(folder.parent, os.R_OK):
        names = names_in(folder)
        last = names[-1] if names else ""
        yield Finding(
            "backups",
            f"the last one is {last}" if last else "there is none",
            "" if last else f"make backup STACK={stack.name}",
        )
    else:
        yield Finding("backups", f"in {location}; make restore STACK={stack.name} lists them")
