"""Two stand-ins for real clients: the near one's proxies read the hosted repositories of the far one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.contract.bodies import repository
from tests.contract.stand_in import Server

ROOT = Path(__file__).parents[2]


@dataclass
class Pair:
    """In each format that both have: `hosted` here and there, `proxy` of the far one, and `group` of both."""

    near: Server
    far: Server

    def make(self, fmt: str, *, group: bool = True, **changes: Any) -> None:
        for server in (self.far, self.near):
            create(server, f"{fmt}/hosted", f"{fmt}-hosted", **changes)
        remote = f"{self.far.url}/repository/{fmt}-hosted/"
        create(self.near, f"{fmt}/proxy", f"{fmt}-proxy", remote=remote, **changes)
        if group:
            members = (f"{fmt}-hosted", f"{fmt}-proxy")
            create(self.near, f"{fmt}/group", f"{fmt}-group", members=members, **changes)

    @contextmanager
    def without_the_far_one(self) -> Iterator[None]:
        """What is read meanwhile comes from the near one alone."""
        self.far.stop()
        try:
            yield
        finally:
            self.far.start()


def create(
    server: Server, recipe: str, name: str, remote: str = "", members: tuple[str, ...] = (), **changes: Any
) -> None:
    body = repository(recipe, name, remote, members)
    for part, value in changes.items():
        if part in body:
            body[part] = {**body[part], **value} if isinstance(value, dict) else value
    answer = server.rest("POST", f"repositories/{recipe}", json=body)
    assert answer.status_code == 201, answer.text


def url(server: Server, repository_name: str) -> str:
    return f"{server.url}/repository/{repository_name}/"


def password(server: Server) -> str:
    return (server.data / "admin.password").read_text()


def attempt(command: list[str | Path], folder: Path | None = None, **environment: str) -> tuple[int, str]:
    """The exit code of a client and all that it printed. It sees no proxy and no setting of this machine's users."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "JAVA_HOME") if name in os.environ}
    finished = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**kept, "HOME": str(folder or "/nonexistent"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=300,
        check=False,
    )
    return finished.returncode, finished.stdout


def run(command: list[str | Path], folder: Path | None = None, **environment: str) -> str:
    code, printed = attempt(command, folder, **environment)
    assert code == 0, f"{command[0]} ended with {code}:\n{printed[-3000:]}"
    return printed


@cache
def python_clients() -> Path:
    """The folder with a Python that has twine and pip."""
    made = subprocess.run([ROOT / "setup" / "stand-in-clients"], stdout=subprocess.PIPE, text=True, check=True)
    return Path(made.stdout.splitlines()[-1])
