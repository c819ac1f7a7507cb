"""Builds the stand-in and starts it with fresh data on a free loopback port."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.support import tools
from tests.support.ports import free_port

RECORDED = "3.77"  # the recordings are from 3.77.0
CORE = ("--formats", "maven2,raw,apt")  # of the recorded build
START_SECONDS = 20

GENERATIONS: dict[str, str] = {}  # of the started servers, by host and port
OBSERVERS: list[Callable[[requests.Response], object]] = []  # called with every answer to `direct`


def binary() -> Path:
    """The program: $NEXUS_STAND_IN_BINARY, or the one in the cache, which is built if needed."""
    given = os.environ.get("NEXUS_STAND_IN_BINARY")
    if given:
        path = Path(given)
        if not os.access(path, os.X_OK):
            raise RuntimeError(
                f"NEXUS_STAND_IN_BINARY={given} is no executable file: unset it, or name the built program"
            )
        return path
    return tools.stand_in()


@dataclass
class Server:
    """A running stand-in."""

    url: str
    data: Path
    program: Path
    generation: str = RECORDED
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        address = self.url.removeprefix("http://")
        GENERATIONS[address] = self.generation
        command = [str(self.program), "serve", "--data", str(self.data), "--address", address]
        command += ["--connector-address", "127.0.0.1", "--generation", self.generation, *self.options]
        kept = ("PATH", "NEXUS_SECURITY_INITIAL_PASSWORD", "NEXUS_SECRETS_KEY_FILE")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.data.parent.mkdir(exist_ok=True)
        with (self.data.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self.wait()

    def wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                if direct("GET", self.url + "/service/rest/v1/status").status_code == 200:
                    return
            except requests.ConnectionError:
                time.sleep(0.02)
        raise RuntimeError("the stand-in did not start:\n" + (self.data.parent / "log").read_text()[-2000:])

    def admin(self, method: str, path: str, **arguments: object) -> requests.Response:
        """Sends a request as admin with the initial password."""
        given = self.data / "admin.password"
        initial = given.read_text() if given.exists() else os.environ["NEXUS_SECURITY_INITIAL_PASSWORD"]
        return direct(method, self.url + path, auth=("admin", initial), **arguments)

    def rest(self, method: str, path: str, **arguments: object) -> requests.Response:
        return self.admin(method, "/service/rest/v1/" + path, **arguments)

    def agree(self) -> None:
        """Accepts the licence agreement."""
        agreement = self.rest("GET", "system/eula").json()
        self.rest("POST", "system/eula", json={**agreement, "accepted": True}).raise_for_status()

    def kill(self) -> None:
        """Kills the process, like a power failure."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(15)
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(15)
            self.process = None


def direct(method: str, url: str, **arguments: object) -> requests.Response:
    """Sends a request without the environment's proxies."""
    with requests.Session() as session:
        session.trust_env = False
        response = session.request(method, url, allow_redirects=False, timeout=60, **arguments)  # type: ignore[arg-type]
    for observe in OBSERVERS:
        observe(response)
    return response


@contextmanager
def running(
    program: Path, folder: Path, generation: str = RECORDED, *options: str, agreed: bool = True
) -> Iterator[Server]:
    """Runs a server with new data in a folder. Unless it is `agreed`, a Community Edition serves no content."""
    server = Server(f"http://127.0.0.1:{free_port()}", folder / "data", program, generation, options)
    server.start()
    try:
        if agreed and generation != RECORDED:
            server.agree()
        yield server
    finally:
        server.stop()
