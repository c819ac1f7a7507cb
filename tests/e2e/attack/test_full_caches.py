"""A stranger fills what nginx keeps in its /tmp, and others go on meanwhile.

It is a tmpfs of the product's size, and the file system itself says how full it is.
"""

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stacks.layout import TMP_MIB, TMP_RESERVE_MIB
from tests.e2e.attack.conftest import Attempts
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED
from tests.integration.programs.nginx.refusing import refusing
from tests.integration.programs.nginx.server import Nginx
from tests.support.small_tmp import free_mib, small_tmp
from tests.unit.nginx.rendering import configuration

ATTACKERS = [f"127.0.66.{n}" for n in range(1, 9)]
AT_ONCE = 40
"""Requests that an attacker sends before it reads."""
PATHS: dict[str, Callable[[], str]] = {
    "short paths": lambda: f"/repository/maven-public/{os.urandom(8).hex()}",
    "paths of 900 characters": lambda: f"/repository/maven-public/{os.urandom(430).hex()}",
    "paths of 7,000 characters": lambda: f"/repository/maven-public/{os.urandom(3500).hex()}",
    "paths of docker": lambda: f"/v2/{os.urandom(8).hex()}/manifests/1",
}


@pytest.fixture
def nginx(tmp_path: Path, certificate: tuple[str, str]) -> Iterator[Nginx]:
    with small_tmp(tmp_path / "tmp") as tmp, refusing(tmp_path) as nexus:
        found = Nginx(tmp_path, configuration().text, dict.fromkeys((GUI, HOSTED, GROUP), nexus), certificate, tmp=tmp)
        yield found
        found.stop()


@dataclass
class Attack:
    """Anonymous requests for another path each, as fast as nginx answers."""

    nginx: Nginx
    path: str
    answered: int = 0
    ends: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Attack":
        self._threads = [threading.Thread(target=self._go_on, args=(source,)) for source in ATTACKERS]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, source: str) -> None:
        while not self.ends.is_set():
            try:
                self._send_many(source)
            except OSError:
                time.sleep(0.1)

    def _send_many(self, source: str) -> None:
        with (
            socket.create_connection(("127.0.0.1", self.nginx.ports[8443]), 10, (source, 0)) as plain,
            ssl._create_unverified_context().wrap_socket(plain, server_hostname="nexus.domain.org") as connection,
        ):
            while not self.ends.is_set():
                paths = [PATHS[self.path]() for _ in range(AT_ONCE)]
                requests = [f"GET {path} HTTP/1.1\r\nHost: nexus.domain.org\r\n\r\n" for path in paths]
                connection.sendall("".join(requests).encode())
                found = 0
                while found < AT_ONCE and (received := connection.recv(1 << 16)):
                    found += received.count(b"HTTP/1.1 ")
                self.answered += found
                if not received:
                    return


def answer(nginx: Nginx) -> str:
    """What another client gets that asks, as docker does first, for /v2/: the status or the error."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", nginx.ports[8443], timeout=20, context=nginx.tls, source_address=("127.0.77.1", 0)
    )
    try:
        connection.request("GET", "/v2/", headers={"Host": "nexus.domain.org", "Accept": os.urandom(4).hex()})
        response = connection.getresponse()
        response.read()
        return str(response.status)
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    finally:
        connection.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_fills_no_cache_until_others_get_no_answer(nginx: Nginx, attempts: Attempts, path: str) -> None:
    for _ in range(20):
        attempts.control(answer(nginx) == "401")
    least = free_mib(nginx.tmp)
    deadline = time.monotonic() + attempts.of(15, 4)
    with Attack(nginx, path) as attack:
        while time.monotonic() < deadline:
            free = free_mib(nginx.tmp)
            least = min(least, free)
            attempts.held(f"{free:.1f} MiB of {TMP_MIB} are left", free >= TMP_RESERVE_MIB)
            attempts.held(f"another client gets {(got := answer(nginx))}", got == "401")
            time.sleep(0.05)
    print(f"{path}: {attack.answered} answers to the stranger, at least {least:.1f} MiB of /tmp free")
    assert attack.answered > 1000
