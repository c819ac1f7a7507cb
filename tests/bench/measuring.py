"""What the benchmarks of the provider have in common: servers, stacks and what is measured of them."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cli.machine.toolchain import ensure_built_pulumi
from cli.stack.many_objects import WITHOUT_CHECKPOINTS, WORTH_IT
from tests.integration.provider.play import ADMIN, FIRST, Play


class RunningServer(Play):
    """A Nexus that runs on this machine already, behind the same TLS as the stand-in."""

    def __init__(self, folder: Path, url: str, password: str) -> None:
        super().__init__(folder, folder, ensure_built_pulumi())
        self.plain_port = urlsplit(url).port or 80
        self.wanted["passwords"] = {"admin": password}

    def start(self) -> None:
        self.requests_file.touch()
        self._terminate_tls()
        self.counted()


def as_the_command_line_has_it() -> None:
    """Gives Pulumi the environment that ./store gives it."""
    os.environ |= {"PULUMI_DIY_BACKEND_GZIP": "true", "GOGC": "400"}


@contextmanager
def external_server(folder: Path, stand_in: Path) -> Iterator[Play]:
    """A stack for a server that is not its own, as Terraform's never is: what goes is removed one by one.

    The stand-in, with PACE=real as slow as a real server; or with SERVER=http://127.0.0.1:PORT a Nexus that runs there
    and has no repositories of these names yet. NEXUS_PASSWORD is then the password of its administrator.
    """
    if server := os.environ.get("SERVER"):
        with RunningServer(folder, server, os.environ["NEXUS_PASSWORD"]) as play:
            play.external = play.attaches = True
            yield play
        return
    pace = os.environ.get("PACE")
    with Play(folder, stand_in, ensure_built_pulumi(), "3.97", *(["--pace", pace] if pace else [])) as play:
        play.external = play.attaches = True
        play.change_password(FIRST, ADMIN)
        yield play


def raw_repositories(count: int) -> dict[str, dict[str, Any]]:
    return {f"raw-{number:05}": {"format": "raw", "type": "hosted"} for number in range(count)}


def first_up(play: Play, count: int) -> None:
    """As make up has it, which makes many objects without checkpoints."""
    environment = WITHOUT_CHECKPOINTS if count > WORTH_IT else {}
    play.pulumi("up", "--yes", "--skip-preview", "--stack", "test", **environment)


def seconds(run: Callable[[], object]) -> float:
    begin = time.monotonic()
    run()
    return time.monotonic() - begin


def state_bytes(play: Play) -> int:
    """The checkpoint as it lies on disk; a history of them is Pulumi's own affair."""
    folder = play.folder / "state" / ".pulumi" / "stacks" / "provider-test"
    return sum((folder / name).stat().st_size for name in ("test.json", "test.json.gz") if (folder / name).exists())
