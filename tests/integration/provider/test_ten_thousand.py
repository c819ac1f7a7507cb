"""10,000 requests of all kinds through nginx: the counts of its log and of the server agree within 1 %."""

import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from cli.limits import usage
from cli.limits.access_log import counted
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED, certificate
from tests.integration.programs.nginx.server import Nginx
from tests.integration.provider.play import ADMIN, Play
from tests.support.ports import free_port
from tests.unit.nginx.rendering import configuration

__all__ = ["certificate"]  # a fixture

REQUESTS = 10_000
CONNECTIONS = 8
HOST = {"Host": "nexus.domain.org"}


def login(password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'admin:{password}'.encode()).decode()}"}


KNOWN, WRONG = login(ADMIN), login("wrong")
# The requests of a team's clients, all equally often: method, path with the request's number, headers.
KINDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "/", {}),
    ("GET", "/static/x.css", {}),
    ("GET", "/service/rest/v1/status", {}),
    ("GET", "/service/rest/v1/repositories", KNOWN),
    ("GET", "/repository/files/a.txt", {"Host": "elsewhere.domain.org"}),
    ("GET", "/repository/files/a.txt", KNOWN),
    ("GET", "/repository/files/a.txt", {**KNOWN, "Range": "bytes=0-0"}),
    ("HEAD", "/repository/files/a.txt", KNOWN),
    ("GET", "/repository/files/a.txt?x={0}", KNOWN),
    ("GET", "/repository/files/none-{0}", KNOWN),
    ("PUT", "/repository/files/{0}", KNOWN),
    ("DELETE", "/repository/files/{0}", KNOWN),
    ("GET", "/repository/files/a.txt", WRONG),
    ("GET", "/repository/files/a.txt", {}),
    ("GET", "/repository/files/of-nobody-{0}", {}),
    ("GET", "/v2/", {}),
    ("GET", "/v2/", KNOWN),
    ("GET", "/v2/token?service=nexus.domain.org", KNOWN),
    ("HEAD", "/v2/app/manifests/{0}", KNOWN),
    ("GET", "/v2/app/tags/list", KNOWN),
)


@dataclass(frozen=True)
class Upstream:
    """A port of the stand-in, in place of one of Nexus's."""

    port: int


@pytest.fixture(scope="module")
def upstreams(play: Play) -> dict[int, Any]:
    hosted, group = free_port(), free_port()
    stored = {"storage": {"blobStoreName": "files", "writePolicy": "ALLOW"}}
    play.wanted |= {
        "anonymousAccess": False,
        "blobStores": {"files": {}},
        "repositories": {
            "files": {"format": "raw", "type": "hosted", **stored},
            "images": {"format": "docker", "type": "hosted", "docker": {"httpPort": hosted}, **stored},
            "all-images": {
                "format": "docker",
                "type": "group",
                "storage": {"blobStoreName": "files"},
                "group": {"memberNames": ["images"]},
                "docker": {"httpPort": group},
            },
        },
    }
    play.up()
    play.store("files/a.txt", b"a")
    return {GUI: Upstream(play.plain_port), HOSTED: Upstream(hosted), GROUP: Upstream(group)}


def used(play: Play) -> int:
    authority = (play.folder / "ca.pem").read_text()
    url = play.environment["NEXUS_URL"]
    client = NexusClient(Connection(url=url, password=ADMIN, address="127.0.0.1", ca_pem=authority))
    return sum(point.value for point in usage.history(client, "requests") or [])


@pytest.fixture
def serving(
    tmp_path: Path, upstreams: dict[int, Any], certificate: tuple[str, str]
) -> Iterator[Callable[[Any], Nginx]]:
    started: list[Nginx] = []

    def start(log: Any) -> Nginx:
        started.append(Nginx(tmp_path, configuration({"accessLog": log}).text, upstreams, certificate))
        return started[-1]

    yield start
    for nginx in started:
        nginx.stop()


def ask(nginx: Nginx, numbers: range) -> None:
    """Sends the requests on one connection, in random order."""
    order = list(numbers)
    random.Random(order[0]).shuffle(order)
    connection = HTTPSConnection("127.0.0.1", nginx.ports[8443], timeout=60, context=nginx.tls)
    for number in order:
        method, path, headers = KINDS[number % len(KINDS)]
        connection.request(method, path.format(number), body=b"x" if method == "PUT" else None, headers=HOST | headers)
        connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize("log", [True, "json"])
def test_the_log_and_the_server_count_the_same(play: Play, serving: Callable[[Any], Nginx], log: Any) -> None:
    nginx, before = serving(log), used(play)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda first: ask(nginx, range(first, REQUESTS, CONNECTIONS)), range(CONNECTIONS)))
    nginx.stop()
    lines = (nginx.folder / "access.log").read_text().splitlines()
    assert len(lines) == REQUESTS
    server, found = used(play) - before, counted(lines)
    # 15 of the 20 kinds request content under the store's name; two of them are equal and without a login.
    assert REQUESTS * 12 // 20 < server < REQUESTS * 15 // 20
    assert abs(found.requests - server) <= 0.01 * server
    assert found.requests + found.answered == REQUESTS * 15 // 20
    assert found.answered > REQUESTS // 20
