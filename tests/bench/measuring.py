"""Servers, stacks and measurements for the benchmarks of the provider."""

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
from tests.support.versions import NEWEST


class RunningServer(Play):
    """A running Nexus on this machine, behind the same TLS proxy as the stand-in."""

    def __init__(self, folder: Path, url: str, password: str) -> None:
        super().__init__(folder, folder, ensure_built_pulumi())
        self.plain_port = urlsplit(url).port or 80
        self.wanted["passwords"] = {"admin": password}

    def start(self) -> None:
        self.requests_file.touch()
        self._terminate_tls()
        self.counted()


def use_the_environment_of_store() -> None:
    """Runs Pulumi with the environment that ./store sets."""
    os.environ |= {"PULUMI_DIY_BACKEND_GZIP": "true", "GOGC": "400"}


@contextmanager
def external_server(folder: Path, stand_in: Path) -> Iterator[Play]:
    """A stack for an external server, from which objects are removed one by one, as Terraform does.

    The server is the stand-in, with PACE=real as slow as a real one; or with SERVER=http://127.0.0.1:PORT a running
    Nexus without repositories of these names, whose administrator's password is NEXUS_PASSWORD.
    """
    if server := os.environ.get("SERVER"):
        with RunningServer(folder, server, os.environ["NEXUS_PASSWORD"]) as play:
            play.external = play.attaches = True
            yield play
        return
    pace = os.environ.get("PACE")
    with Play(folder, stand_in, ensure_built_pulumi(), NEWEST, *(["--pace", pace] if pace else [])) as play:
        play.external = play.attaches = True
        play.change_password(FIRST, ADMIN)
        yield play


def raw_repositories(count: int) -> dict[str, dict[str, Any]]:
    return {f"raw-{number:05}": {"format": "raw", "type": "hosted"} for number in range(count)}


def first_up(play: Play, count: int) -> None:
    """Runs a first `up` like make up, which creates many objects without checkpoints."""
    environment = WITHOUT_CHECKPOINTS if count > WORTH_IT else {}
    play.pulumi("up", "--yes", "--skip-preview", "--stack", "test", **environment)


def seconds(run: Callable[[], object]) -> float:
    begin = time.monotonic()
    run()
    return time.monotonic() - begin


def state_bytes(play: Play) -> int:
    """The size of the checkpoint on disk, without Pulumi's history of them."""
    folder = play.folder / "state" / ".pulumi" / "stacks" / "provider-test"
    return sum((folder / name).stat().st_size for name in ("test.json", "test.json.gz") if (folder / name).exists())
