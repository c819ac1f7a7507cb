"""Chooses the address on which the nginx of a store of this machine listens.

It is outside of 127.0.0.0/8, where docker verifies no certificate, and if possible only this machine and its containers
can reach it.
"""

import fcntl
import socket
import struct
import sys
from pathlib import Path

from cli.console import say
from cli.docker import Docker, reason
from cli.errors import CommandError
from cli.files import write_atomically
from cli.paths import LOCAL
from cli.stack.stack import PROJECT, Stack

_SIOCGIFADDR = 0x8915
_DOCUMENTATION = ("192.0.2.1", 9)  # RFC 5737: on no network; connecting a datagram socket sends nothing
_OF_EARLIER_VERSIONS = "172.17.0.1"


def choose_address(stack: str, docker: Docker) -> str:
    """An address of this host: of docker's default bridge, else of a bridge for the stack, else the host's own.

    The last one, which other hosts can reach too, is for engines without a bridge on this host, such as a rootless one.

    Raises:
        CommandError: there is none.
    """
    bridge = docker.ask(
        "network", "inspect", "--format", '{{index .Options "com.docker.network.bridge.name"}}', "bridge"
    )
    found = _of_interface(bridge) or _of_own_network(network_name(stack), docker) or _of_host()
    if not found:
        raise CommandError(
            "address",
            "this machine has no address that nginx can listen on",
            allowed="an IPv4 address of this host outside of 127.0.0.0/8",
            fix=f'make new-stack NAME={stack} SET="address=ADDRESS nginx.bindAddress=ADDRESS"',
        )
    write_atomically(_note(stack), found)
    return found


def is_lost(stack: Stack) -> bool:
    """Whether the stack's address was chosen here and this host no longer has it."""
    if stack.docker_host or stack.is_external:
        return False
    given = stack.settings.given("address")
    is_gone = given in (_noted(stack.name), _OF_EARLIER_VERSIONS) and not _is_here(given)
    return is_gone and stack.settings.nginx.bind_address == (given,)


def remove_network(stack: Stack, docker: Docker) -> None:
    """Removes the stack's own bridge, if it has one."""
    name = network_name(stack.name)
    if name in docker.lines("network", "ls", "--format", "{{.Name}}", "--filter", f"name=^{name}$"):
        done = docker.result("network", "rm", name)
        if done.returncode:
            say(f"the network {name} stays on the engine: {reason(done)}")


def network_name(stack: str) -> str:
    return f"{PROJECT}-{stack}-address"


def _of_interface(name: str) -> str:
    if not name or sys.platform != "linux":
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
        except OSError:
            return ""
    return _usable(socket.inet_ntoa(answer[20:24]))


def _of_own_network(name: str, docker: Docker) -> str:
    template = "{{range .IPAM.Config}}{{.Gateway}}{{end}}"
    if not docker.ask("network", "inspect", "--format", template, name):
        docker.ask("network", "create", "--label", f"{PROJECT}.role=address", name)
    return _usable(docker.ask("network", "inspect", "--format", template, name))


def _of_host() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_DOCUMENTATION)
        except OSError:
            return ""
        return _usable(str(probe.getsockname()[0]))


def _usable(address: str) -> str:
    return address if address and not address.startswith("127.") and _is_here(address) else ""


def _is_here(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _note(stack: str) -> Path:
    return LOCAL / "addresses" / stack


def _noted(stack: str) -> str:
    try:
        return _note(stack).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
