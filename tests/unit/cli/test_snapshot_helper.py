"""The container of a backup or a restore goes with the command that started it."""

import subprocess

import pytest

from cli.docker import Docker
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import Place
from cli.stack.stack import Stack


class Interrupted(Docker):
    """Ctrl-C comes when the container runs and docker has not said so yet."""

    def ask(self, *arguments: str) -> str:
        CALLS.append(arguments)
        return "an image" if arguments[0] == "inspect" else ""

    def result(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        CALLS.append(arguments)
        raise KeyboardInterrupt


CALLS: list[tuple[str, ...]] = []


def test_ctrl_c_while_it_starts_leaves_no_container() -> None:
    stack, docker = Stack("trial"), Interrupted()
    helper = Helper.of_this_process("backup", stack, docker, Nexus(stack, docker))
    with pytest.raises(KeyboardInterrupt):
        helper.start(Place("/srv/snapshots"))
    started, removed = CALLS[-2:]
    name = started[started.index("--name") + 1]
    assert started[0] == "run"
    assert removed == ("rm", "--force", name)
