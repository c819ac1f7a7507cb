"""The container of a backup or restore is removed with its command."""

import signal
import subprocess
from pathlib import Path

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.process import Interrupted
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.stack.stack import Stack
from tests.support.played_docker import play_docker


class Cut(Docker):
    """Ctrl-C arrives after the container started, before docker printed its id."""

    def ask(self, *arguments: str) -> str:
        CALLS.append(arguments)
        return "an image" if arguments[0] == "inspect" else ""

    def do(self, *arguments: str, text: str | None = None) -> str:
        CALLS.append(arguments)
        return ""

    def result(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        CALLS.append(arguments)
        raise Interrupted(signal.SIGINT)


CALLS: list[tuple[str, ...]] = []


def test_ctrl_c_while_it_starts_leaves_no_container() -> None:
    stack, docker = Stack("trial"), Cut()
    helper = Helper.of_this_process("backup", stack, docker, Nexus(stack, docker))
    with pytest.raises(Interrupted), helper.running("/srv/snapshots"):
        pass
    started, removed = CALLS[-2:]
    name = started[started.index("--name") + 1]
    assert started[0] == "run"
    assert removed == ("rm", "--force", name)


@pytest.mark.parametrize("silent", ["ps", "container"])
def test_a_nexus_that_the_engine_does_not_describe_is_not_taken_for_stopped_or_missing(
    silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f'#!/bin/sh\n[ "$1" != {silent} ] || exit 1\necho repository-store-trial-nexus\n'
    play_docker(monkeypatch, tmp_path, script)
    nexus = Nexus(Stack("trial"), Docker())
    for asked in ("exists", "is_running", "volume"):
        with pytest.raises(CommandError, match=f"docker {silent}"):
            getattr(nexus, asked)
