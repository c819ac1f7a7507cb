"""A stand-in behind TLS and its own Pulumi stack, both in one folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, Self

import requests

from cli.runtime.attached import Attached, attached
from cli.stack.environment import EXTERNAL
from tests.integration.provider.tls import HOSTNAME, make_certificate
from tests.support.ports import free_port, listens
from tests.support.serving import SilentHandler, serve
from tests.support.versions import NEWEST

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).parent / "program"
FIRST, ADMIN = "first-password", "the-admin-password"


class Play:
    """Runs the server and the program, and records the program's requests."""

    given = ""
    """The administrator's password in the state, if a test needs it."""
    before: dict[str, Any]
    """Settings of the server before the stack, if a test needs them."""
    external = False
    """Whether the server is external, as with `nexus.url`."""
    agreed = True
    """Whether the server's licence agreement is accepted from the start; else it serves no content."""
    attaches = False
    """Whether Pulumi attaches to a running program and provider, as ./store does."""

    def __init__(self, folder: Path, stand_in: Path, toolchain: Path, generation: str = NEWEST, *options: str) -> None:
        self.folder, self._stand_in, self._toolchain, self._generation = folder, stand_in, toolchain, generation
        self._options = options
        folder.mkdir(parents=True, exist_ok=True)
        make_certificate(folder)
        self._program = folder / "program"
        shutil.copytree(PROGRAM, self._program)
        (self._program / "components").symlink_to(ROOT / "components")  # commands refer to their scripts relative to it
        (self._program / "plugin").symlink_to(ROOT / "nexus" / "plugin")  # as in the project's Pulumi.yaml
        self.port, self.plain_port = free_port(), free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._terminator: subprocess.Popen[bytes] | None = None
        self._former: subprocess.Popen[bytes] | None = None
        self.wanted: dict[str, Any] = {
            "hostname": HOSTNAME,
            "passwords": {"admin": ADMIN},
            "nexus": {"generation": generation},
        }

    def __enter__(self) -> Self:
        self.start()
        (self.folder / "state").mkdir(exist_ok=True)
        self.pulumi("stack", "init", "test")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.requests_file.touch()
        log = (self.folder / "server.log").open("ab")
        data, address = self.folder / "data", f"127.0.0.1:{self.plain_port}"
        first = {path.name for path in data.glob("*")} <= {"blobs"}  # a test may mount a disk there
        command: list[str | Path] = [
            self._stand_in,
            "serve",
            "--data",
            data,
            "--address",
            address,
            "--connector-address",
            "127.0.0.1",
        ]
        self._server = subprocess.Popen(
            [*command, "--generation", self._generation, *self._options],
            env={**os.environ, "NEXUS_SECURITY_INITIAL_PASSWORD": FIRST},
            stdout=log,
            stderr=log,
        )
        self._terminate_tls()
        if self.agreed and first:
            agreement = self.ask("GET", "/v1/system/eula", password=FIRST).json()
            accepted = {**agreement, "accepted": True}
            self.ask("POST", "/v1/system/eula", accepted, password=FIRST).raise_for_status()
        self.counted()

    def _terminate_tls(self) -> None:
        """Starts the TLS proxy in front of the server, and waits for both."""
        self._terminator = self._terminate(self.port, self.plain_port)
        _wait(lambda: requests.get(f"http://127.0.0.1:{self.plain_port}/service/rest/v1/status/writable", timeout=5).ok)
        _wait(lambda: listens(self.port))

    def _terminate(self, port: int, plain_port: int) -> subprocess.Popen[bytes]:
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "tests.integration.provider.tls",
            self.folder,
            str(port),
            str(plain_port),
        ]
        return subprocess.Popen(command, cwd=ROOT)

    def restart_tls(self) -> None:
        """Starts the TLS proxy again, with the certificate that the folder has now."""
        assert self._terminator
        self._terminator.terminate()
        self._terminator.wait(20)
        self._terminate_tls()

    def move(self) -> None:
        """Moves the server to another port; another server answers 404 at the old one."""
        other = ThreadingHTTPServer(("127.0.0.1", 0), _Unknowing)
        serve(other)
        assert self._terminator
        self._terminator.terminate()
        self._terminator.wait(20)
        old, self.port = self.port, free_port()
        self._terminator = self._terminate(self.port, self.plain_port)
        self._former = self._terminate(old, other.server_port)
        for port in (old, self.port):
            _wait(partial(listens, port))

    def stop(self) -> None:
        for process in (self._terminator, self._former, self._server):
            if process:
                process.terminate()
                process.wait(20)
        self._server = self._terminator = self._former = None

    @property
    def requests_file(self) -> Path:
        return self.folder / "requests"

    def counted(self) -> list[str]:
        """The requests since the last call of this method."""
        lines = self.requests_file.read_text().splitlines()
        seen, self._seen = getattr(self, "_seen", 0), len(lines)
        return lines[seen:]

    def ask(self, method: str, path: str, body: Any = None, password: str = ADMIN) -> requests.Response:
        """Sends a request past the provider, like the administration pages."""
        return self.send(method, f"/service/rest{path}", password, json=body)

    def send(self, method: str, path: str, password: str = ADMIN, **options: Any) -> requests.Response:
        url = f"http://127.0.0.1:{self.plain_port}{path}"
        return requests.request(method, url, auth=("admin", password), timeout=60, **options)

    def store(self, path: str, content: bytes) -> None:
        """Stores a file in a repository."""
        self.send("PUT", f"/repository/{path}", data=content).raise_for_status()

    def change_password(self, old: str, new: str) -> None:
        """Changes the administrator's password on the server."""
        path, text = "/service/rest/v1/security/users/admin/change-password", {"Content-Type": "text/plain"}
        self.send("PUT", path, old, data=new, headers=text).raise_for_status()

    def secret_state(self) -> dict[str, Any]:
        exported: dict[str, Any] = json.loads(self.pulumi("stack", "export", "--show-secrets", "--stack", "test"))
        return exported

    def up(self, *options: str, **environment: str) -> str:
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", "test", *options, **environment)

    def preview(self, *options: str, **environment: str) -> str:
        return self.pulumi("preview", "--stack", "test", *options, **environment)

    def destroy(self, **environment: str) -> str:
        return self.pulumi("destroy", "--yes", "--skip-preview", "--stack", "test", **environment)

    def state(self) -> dict[str, Any]:
        exported: dict[str, Any] = json.loads(self.pulumi("stack", "export", "--stack", "test"))
        return exported

    def pulumi(self, *arguments: str, **environment: str) -> str:
        """Runs Pulumi and returns its output.

        Raises:
            Failed: it did not exit with 0; with its output.
        """
        with self.attached(arguments[0], environment) as python:
            whole, environment = (*arguments, *python.arguments), {**environment, **python.environment}
            pipe = subprocess.PIPE
            process = self._started(whole, environment, output=pipe, errors=pipe)
            python.end_with(process.pid)
            try:
                output, errors = process.communicate(timeout=1200)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        if process.returncode:
            raise Failed(output + errors)
        return output + (errors if arguments[0] != "stack" else "")

    def attached(self, command: str, environment: Mapping[str, str]) -> AbstractContextManager[Attached]:
        if not self.attaches or command not in ("up", "preview", "destroy"):
            return nullcontext(Attached())
        self._write_files()
        return attached({**self.environment, **environment}, program=self._program / "__main__.py")

    def kill(self, *arguments: str, when: Callable[[], bool], **environment: str) -> None:
        """Starts Pulumi, and kills it and its plugins with SIGKILL as soon as a condition holds."""
        log = self.folder / "killed.log"
        with log.open("wb") as output:
            process = self._started(arguments, environment, output=output, errors=output)
            while not when():
                assert process.poll() is None, log.read_text()
                time.sleep(0.01)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.pulumi("cancel", "--yes", "test")  # the lock of the killed Pulumi

    def _started(
        self,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        *,
        output: int | BinaryIO,
        errors: int | BinaryIO,
    ) -> subprocess.Popen[str]:
        """Starts Pulumi in its own process group with its plugins."""
        self._write_files()
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self._program,
            env={**self.environment, **environment},
            stdout=output,
            stderr=errors,
            text=True,
            start_new_session=True,
        )

    def _write_files(self) -> None:
        (self.folder / "topology.json").write_text(json.dumps(self.wanted))
        wanted = {
            "url": self.environment["NEXUS_URL"],
            "password": self.wanted["passwords"]["admin"],
            "given": self.given,
        }
        (self.folder / "wanted.json").write_text(json.dumps(wanted))

    @property
    def environment(self) -> dict[str, str]:
        virtualenv = ROOT / ".venv"
        return {
            **os.environ,
            "PATH": f"{virtualenv / 'bin'}:{self._toolchain / 'bin'}:{os.environ['PATH']}",
            "VIRTUAL_ENV": str(virtualenv),
            "PULUMI_HOME": str(self._toolchain / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PYTHONPATH": str(ROOT),
            "PROJECT": str(ROOT),
            "TOPOLOGY": str(self.folder / "topology.json"),
            "REPOSITORY_STORE_WANTED": f"cat {self.folder / 'wanted.json'}",
            "NEXUS_URL": f"https://{HOSTNAME}:{self.port}",
            "NEXUS_CA": str(self.folder / "ca.pem"),
            "NEXUS_ADDRESS": "127.0.0.1",
            "NEXUS_FIRST_PASSWORD": "" if self.external else FIRST,
            **({"EXTERNAL": "1", **EXTERNAL} if self.external else {}),
        }


class Failed(Exception):
    """A command of Pulumi failed."""


class _Unknowing(SilentHandler):
    def do_GET(self) -> None:
        self.send_error(404)


def _wait(ready: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise TimeoutError("the server of the test does not answer")
        time.sleep(0.1)
