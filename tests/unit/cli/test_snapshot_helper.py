"""The container of a backup or restore is removed with its command."""

import signal
import subprocess

import pytest

from cli.docker import Docker
from cli.process import Interrupted
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import Place
from cli.stack.stack import Stack


class Cut(Docker):
    """Ctrl-C arrives after the container started, before docker printed its id."""

    def ask(self, *arguments: str) -> str:
        CALLS.append(arguments)
        return "an image" if arguments[0] == "inspect" else ""

    def result(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        CALLS.append(arguments)
        raise Interrupted(signal.SIGINT)


CALLS: list[tuple[str, ...]] = []


def test_ctrl_c_while_it_starts_leaves_no_container() -> None:
    stack, docker = Stack("trial"), Cut()
    helper = Helper.of_this_process("backup", stack, docker, Nexus(stack, docker))
    with pytest.raises(Interrupted), helper.running(Place("/srv/snapshots")):
        pass
    started, removed = CALLS[-2:]
    name = started[started.index("--name") + 1]
    assert started[0] == "run"
    assert removed == ("rm", "--force", name)
