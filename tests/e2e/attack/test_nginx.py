"""Incomplete requests, guessed passwords, forged names and identities, sent to a real nginx from loopback addresses."""

import http.client
import resource
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.attack.conftest import Attempts
from tests.integration.programs.nginx.conftest import GUI
from tests.integration.programs.nginx.sending import ask_from
from tests.integration.programs.nginx.server import Answer, Echo, Nginx
from tests.support.vanishing import content

Serve = Callable[..., Nginx]
ATTACKERS = [f"127.0.66.{n}" for n in (1, 2, 3)]
OTHERS_PER_SECOND = 20
CONTAINER_BYTES = 256 << 20
"""nginx.memory of the shipped settings."""


@dataclass
class Others:
    """Well-behaved clients at another address."""

    nginx: Nginx
    answered: int = 0
    failed: list[str] = field(default_factory=list)

    def ask(self) -> None:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.nginx.ports[8443], timeout=20, context=self.nginx.tls, source_address=("127.0.77.1", 0)
        )
        try:
            connection.request("GET", "/repository/maven-public/a", headers={"Host": "nexus.domain.org"})
            status = connection.getresponse().status
            self.answered += 1
            if status != 200:
                self.failed.append(str(status))
        except (OSError, http.client.HTTPException) as error:
            self.failed.append(repr(error))
        finally:
            connection.close()

    def counted(self, attempts: Attempts) -> None:
        """As the control of an attack that would keep them from the store."""
        attempts.controls += self.answered
        attempts.passed += self.answered - len(self.failed)
        assert self.failed == []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        done = threading.Event()

        def go_on() -> None:
            asking = []
            while not done.wait(1 / OTHERS_PER_SECOND):
                asking.append(threading.Thread(target=self.ask))
                asking[-1].start()
            for thread in asking:
                thread.join()

        worker = threading.Thread(target=go_on)
        worker.start()
        try:
            yield
        finally:
            done.set()
            worker.join()


def memory(nginx: Nginx) -> int:
    """The memory of nginx's processes in bytes, with shared pages counted once."""
    master = (nginx.folder / "nginx.pid").read_text().strip()
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    total = 0
    for process in (master, *workers):
        for line in content(Path(f"/proc/{process}/smaps_rollup")).decode().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) << 10
    return total


def half_request(nginx: Nginx, source: str, line_bytes: int) -> socket.socket | None:
    """A connection that never ends its request and holds all memory that nginx gives it; None if nginx refuses it."""
    context = ssl._create_unverified_context()
    try:
        plain = socket.create_connection(("127.0.0.1", nginx.ports[8443]), 30, (source, 0))
        connection = context.wrap_socket(plain, server_hostname="nexus.domain.org")
        connection.sendall(b"GET / HTTP/1.1\r\nHost: nexus.domain.org\r\n")
        for number in range(3):
            connection.sendall(b"X-%d: " % number + b"a" * line_bytes + b"\r\n")
        connection.setblocking(False)
        with suppress(ssl.SSLWantReadError):
            if connection.recv(1) is not None:
                connection.close()
                return None
        return connection
    except OSError:
        return None


@pytest.fixture
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_incomplete_requests_exhaust_neither_memory_nor_connections(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, many_files: None
) -> None:
    nginx = serve()
    others = Others(nginx)
    held: list[socket.socket] = []
    count = attempts.of(1000, 50)
    with others.at_work():
        for source in ATTACKERS:
            for _ in range(count):
                # Fills the buffers as large as they once were, or else as they are now.
                connection = half_request(nginx, source, 31_000) or half_request(nginx, source, 7_900)
                held += [connection] if connection else []
        time.sleep(1)
        used = memory(nginx)
        attempts.tried += len(ATTACKERS) * count - 1
        attempts.held(f"{len(held)} half requests hold {used >> 20} MiB", used < CONTAINER_BYTES)
    for connection in held:
        connection.close()
    assert others.answered > OTHERS_PER_SECOND
    others.counted(attempts)


def test_one_address_gets_no_more_connections_than_the_limit(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, many_files: None
) -> None:
    share = attempts.of(1000, 100)
    nginx = serve({"rateLimit": {"clientConnections": share}})
    others = Others(nginx)
    with others.at_work():
        place = ("127.0.0.1", nginx.ports[8443])
        held = [socket.create_connection(place, 30, (ATTACKERS[0], 0)) for _ in range(3 * share)]
        time.sleep(1)
        alive = 0
        for connection in held:
            connection.setblocking(False)
            try:
                alive += connection.recv(1) != b""
            except BlockingIOError:
                alive += 1
            except ConnectionError:
                pass
        attempts.tried += 3 * share - 1
        attempts.held(f"{alive} connections of one address, and {share} is its share", alive <= share)
    for connection in held:
        connection.close()
    others.counted(attempts)


def basic(user: str, password: object) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


GUESSES: dict[str, Callable[[int], dict[str, str]]] = {
    "one user": lambda n: {"Authorization": basic("admin", n)},
    "another user each time": lambda n: {"Authorization": basic(f"user-{n}", "summer")},
    "as if from elsewhere": lambda n: {
        "Authorization": basic("admin", n),
        "X-Forwarded-For": f"198.51.100.{n % 250}",
        "X-Real-IP": f"198.51.100.{n % 250}",
        "Forwarded": f"for=198.51.100.{n % 250}",
    },
    "as another program": lambda n: {"Authorization": basic("admin", n), "User-Agent": f"docker/{n}"},
    "with another spelling": lambda n: {"Authorization": basic("admin", n).replace("Basic", f"bAsIc{n}")},
}
PATHS = [
    "/service/rest/v1/status",
    "/service/rest/v1/security/users",
    "/repository/maven-releases/a",
    "/v2/",
    "/v1/search",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("way", GUESSES)
def test_guesses_are_refused_from_the_twentieth_on(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, way: str, path: str
) -> None:
    for echo in nexus.values():
        echo.answer = lambda request: Answer(401, {}, b"{}")
    nginx = serve()
    connection = http.client.HTTPSConnection(
        "127.0.0.1", nginx.ports[8443], timeout=30, context=nginx.tls, source_address=(ATTACKERS[0], 0)
    )
    begun = time.monotonic()
    for number in range(attempts.of(500, 60)):
        connection.request("GET", path, headers={"Host": "nexus.domain.org", **GUESSES[way](number)})
        response = connection.getresponse()
        response.read()
        # The burst, and what the rate per minute has let through since.
        allowed = 16 + (time.monotonic() - begun) / 2 + 1
        passed = sum(len(echo.requests) for echo in nexus.values())
        attempts.held(f"guess {number} of {path}", response.status == 429 or passed <= allowed)
    connection.close()
    for _ in range(40):  # a client that knows its password, as often
        attempts.control(passed=ask_from(nginx, "127.0.77.1", Authorization=basic("jenkins", "right")).status == 401)
    assert attempts.passed == 40


FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=203.0.113.9",
    "X-Forwarded-Host": "203.0.113.9",
    "X-Forwarded-Port": "203",
    "X-Forwarded-Server": "203.0.113.9",
    "X-Proxied-Https": "203",
    "X-Forwarded-Proto": "203",
    "X-SSO-USER": "203",
    "x-sso-user": "203",
    "REMOTE_USER": "203",
    "Remote-User": "203",
    "X-Remote-User": "203",
    "X-Forwarded-User": "203",
    "X-Proxy-User": "203",
}


@pytest.mark.parametrize(
    "path", ["/service/rest/v1/status", "/v2/a/manifests/1", "/v1/search", "/", "/service/extdirect"]
)
def test_no_header_gives_a_client_another_identity(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts, path: str
) -> None:
    nginx = serve(capabilities={"sso": {"type": "rutauth", "properties": {"httpHeader": "X-Proxy-User"}}})
    for name, value in FORGED.items():
        for spelled in (name, name.replace("-", "_"), name.upper()):
            reply = nginx.ask("GET", path, {spelled: value})
            attempts.held(f"{spelled} at {path}", "203" not in str(reply.json["headers"].values()))
    reply = nginx.ask("GET", path, {"X-Requested-With": "203"})
    attempts.control(passed="203" in reply.json["headers"].values())


HOSTS = [
    "evil.org",
    "evil.org:443",
    "nexus.domain.org.evil.org",
    "nexus.domain.org@evil.org",
    "127.0.0.1",
    "localhost",
    ".",
]
HOSTS += ["nexus.domain.orgevil.org", "[::1]", "nexus-gui", "nexus:8081", "169.254.169.254", "-", "*"]


def test_requests_for_other_host_names_get_no_redirect_or_challenge(
    serve: Serve, nexus: dict[int, Echo], attempts: Attempts
) -> None:
    nexus[GUI].answer = lambda request: Answer(302, {"Location": f"http://{request.headers['Host']}/"})
    nginx = serve()
    for host in HOSTS:
        for path in ("/", "/v2/", "/v2", "/v2/token"):
            reply = nginx.ask("GET", path, host=host)
            silent = "Location" not in reply.headers and "WWW-Authenticate" not in reply.headers
            attempts.held(f"{host} at {path}", reply.status in (400, 421) and silent)
    assert not any(echo.requests for echo in nexus.values())
    attempts.control(passed="Location" in nginx.ask("GET", "/").headers)
