"""Asks a real core for a path that nginx closes, in every way of the tier `attack`: past nginx and through it."""

import os
import shutil
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from tests.conformance.acceptance.table import Closed
from tests.e2e.attack.paths import Passed, exchange, passed, smuggled, spelled, written
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED, make_certificate
from tests.integration.programs.nginx.server import Nginx
from tests.unit.nginx.rendering import configuration

DOOR = "/service/metrics/prometheus"
CONTENT = b"jvm_"
OPEN = "/service/rest/v1/status"
_SECONDS = 1.5


class ClosedForAllError(Exception):
    """nginx lets nothing through, so that nothing is shown by what it closes."""


@dataclass(frozen=True)
class Place:
    """Where requests are sent, and the name that they have for it."""

    host: str
    port: int
    name: str
    tls: ssl.SSLContext | None = None

    def send(self, request: bytes) -> bytes:
        return exchange(self.port, request, self.tls, host=self.host, seconds=_SECONDS)


def place(url: str, ca: str) -> Place:
    parts = urlsplit(url)
    assert parts.hostname
    tls = ssl.create_default_context(cafile=ca) if parts.scheme == "https" else None
    return Place(parts.hostname, parts.port or (443 if tls else 80), parts.netloc, tls)


def tried(folder: Path, password: str) -> dict[str, Closed]:
    """Tries all on the server in $NEXUS_URL.

    A store of an image has nginx in front, and $NEXUS_BEHIND is its core. In front of any other server an nginx with
    the settings of a new store is started here.
    """
    url, ca = os.environ["NEXUS_URL"], os.environ["NEXUS_CA"]
    if behind := os.environ.get("NEXUS_BEHIND"):
        return compared(place(behind, ca), place(url, ca), password)
    core = place(url, ca)
    with nginx_before(core, folder) as front:
        return compared(core, front, password)


def compared(core: Place, front: Place, password: str) -> dict[str, Closed]:
    """Sends the same to both."""
    login = b64encode(f"admin:{password}".encode()).decode()
    headers = f"Authorization: Basic {login}\r\n"
    if CONTENT not in core.send(written("GET", DOOR, core.name, headers)):
        lacking = f"the server does not show {DOOR} to its administrator"
        return dict.fromkeys(_WAYS, Closed(lacking=lacking))
    answer = front.send(written("GET", OPEN, front.name, headers))
    if b" 200 " not in answer.partition(b"\r\n")[0]:  # or nothing would get through for the wrong reason
        raise ClosedForAllError(f"{OPEN} does not get through nginx to the server (got {answer[:80]!r})")
    return {name: _compared(core, front, way, headers) for name, way in _WAYS.items()}


def _spelled(place: Place, headers: str) -> list[bytes]:
    return [written("GET", target, place.name, headers) for target in spelled(DOOR, place.name)]


def _smuggled(place: Place, headers: str) -> list[bytes]:
    return list(smuggled(DOOR, place.name, headers))


_Way = Callable[[Place, str], list[bytes]]
_WAYS: dict[str, _Way] = {"spellings of a path": _spelled, "requests within requests": _smuggled}


def _compared(core: Place, front: Place, way: _Way, headers: str) -> Closed:
    straight, through = (_passed(place, way(place, headers)) for place in (core, front))
    return Closed(straight.tried, len(straight.through), [_line(request) for request in through.through])


def _passed(place: Place, requests: list[bytes]) -> Passed:
    with ThreadPoolExecutor(8) as pool:  # many only end when the server has waited in vain
        answers = dict(zip(requests, pool.map(place.send, requests), strict=True))
    return passed(requests, answers.__getitem__, lambda answer: CONTENT in answer)


def _line(request: bytes) -> str:
    """What tells a request from the others, without its login."""
    lines = request.decode("latin-1").replace("\r", "\\r").split("\n")
    return " ".join(line for line in lines if "Authorization" not in line)[:200]


@contextmanager
def nginx_before(core: Place, folder: Path) -> Iterator[Place]:
    """nginx as a new store has it, on loopback."""
    certificate = make_certificate()
    (folder / "nginx").mkdir(parents=True)
    with _forwarding(core) as port:
        nexus = {each: SimpleNamespace(port=port) for each in (GUI, HOSTED, GROUP)}
        nginx = Nginx(folder / "nginx", configuration().text, nexus, certificate)
        try:
            yield Place("127.0.0.1", nginx.ports[8443], "nexus.domain.org", nginx.tls)
        finally:
            nginx.stop()
            shutil.rmtree(folder / "nginx")


@contextmanager
def _forwarding(core: Place) -> Iterator[int]:
    """A port that passes every byte on to the core, with TLS if it has that."""

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=forward, args=(client,), daemon=True).start()

    def forward(client: socket.socket) -> None:
        with suppress(OSError), closing(client), socket.create_connection((core.host, core.port), 30) as plain:
            server = core.tls.wrap_socket(plain, server_hostname=core.host) if core.tls else plain
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            pump(server, client)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while some := source.recv(65536):
                target.sendall(some)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
