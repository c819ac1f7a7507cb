"""The addresses of the docker host, as its engine sees them: ports can be published only on those."""

import socket
import struct
import subprocess
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from nexus.problem import Problem
from preflight.engine_endpoint import DEFAULT
from stacks.layout import ENGINE_SECONDS

_FILES = ("fib_trie", "if_inet6")


def absent_addresses(environment: Mapping[str, str], wanted: tuple[str, ...]) -> list[Problem]:
    """A problem for each address that the docker host does not have; none if it cannot be asked."""
    asked = [address for address in wanted if not ip_address(address).is_unspecified]
    there = host_addresses(environment) if asked else frozenset()
    if not there:
        return []
    return [
        Problem(
            "nginx.bindAddress",
            "the docker host does not have this address",
            f"0.0.0.0 and :: for all, or addresses that it has: {', '.join(sorted(there, key=_order))}",
            "pulumi config set --path nginx.bindAddress ADDRESS, or give the host that address first",
            got=repr(address),
        )
        for address in asked
        if str(ip_address(address)) not in there
    ]


def host_addresses(environment: Mapping[str, str]) -> frozenset[str]:
    """The addresses in the engine's network namespace; empty if neither the local engine nor SSH gives them."""
    host = environment.get("DOCKER_HOST", DEFAULT)
    if host.startswith("ssh://"):
        return _addresses(_over_ssh(host))
    if host.startswith("unix://"):
        return _addresses(_of_process(_listener(host.removeprefix("unix://"))))
    return frozenset()


def _listener(path: str) -> int:
    """The id of the process behind a socket; 0 if it is in another container, on another kernel or does not exist."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            asking.settimeout(ENGINE_SECONDS)
            asking.connect(path)
            credentials = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    except OSError:
        return 0
    return int(struct.unpack("3i", credentials)[0])


def _of_process(process: int) -> str:
    try:
        return "".join(_text(Path(f"/proc/{process}/net/{name}")) for name in _FILES) if process else ""
    except OSError:
        return ""


def _text(file: Path) -> str:
    return file.read_text(encoding="ascii") if file.exists() else ""  # a host without IPv6 has no if_inet6


def _over_ssh(host: str) -> str:
    """The files' text, read as docker connects: by the ssh of this machine, without a password prompt."""
    parts = urlsplit(host)
    user = ["-l", parts.username] if parts.username else []
    port = ["-p", str(parts.port)] if parts.port else []
    options = ["-o", "BatchMode=yes", "-o", f"ConnectTimeout={ENGINE_SECONDS}"]
    command = ["cat", *(f"/proc/net/{name}" for name in _FILES)]
    try:
        done = subprocess.run(  # noqa: S603 - the stack file's own host, whose form is checked
            ["ssh", *options, *user, *port, "--", parts.hostname or "", *command],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * ENGINE_SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _addresses(text: str) -> frozenset[str]:
    """The local addresses in the kernel's IPv4 routing table (fib_trie) and in its list for IPv6 (if_inet6)."""
    found, last = set[str](), ""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 6 and len(words[0]) == 32:
            found.add(str(ip_address(bytes.fromhex(words[0]))))
        elif words[:1] == ["|--"]:
            last = words[1]
        elif words[:1] == ["/32"] and words[1:] == ["host", "LOCAL"] and last:
            found.add(last)
    return frozenset(found)


def _order(address: str) -> tuple[int, int]:
    parsed = ip_address(address)
    return parsed.version, int(parsed)
