"""The container of a backup or restore is removed with its command."""

import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.process import Interrupted
from cli.snapshots.helper import Helper
from cli.snapshots.nexus import Nexus
from cli.snapshots.place import Place
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
    with pytest.raises(Interrupted), helper.running(Place("/srv/snapshots")):
        pass
    started, removed = CALLS[-2:]
    name = started[started.index("--name") + 1]
    assert started[0] == "run"
    assert removed == ("rm", "--force", name)


@dataclass(frozen=True)
class Host(Docker):
    """A docker host without the folder or volume, or with what `find` prints of the stack's folder in it."""

    folder: str = ""
    complaint: str = ""
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def ask(self, *arguments: str) -> str:
        return "an image" if arguments[0] == "inspect" else ""

    def do(self, *arguments: str, text: str | None = None) -> str:
        return "another\nsnapshots-of-others" if arguments[0] == "volume" else ""

    def result(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        self.calls.append(arguments)
        if arguments[0] == "run":
            return subprocess.CompletedProcess(arguments, 125 if self.complaint else 0, "", self.complaint)
        out = "find (GNU findutils) 4.9.0" if "--version" in arguments else ""
        return subprocess.CompletedProcess(arguments, 0, self.folder if "-printf" in arguments else out, "")


def used(command: str, location: str, host: Host) -> None:
    stack = Stack("trial")
    with Helper.of_this_process(command, stack, host, Nexus(stack, host)).running(Place(location)):
        pass


NO_FOLDER = (
    'docker: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /x.'
)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_folder_that_does_not_exist_is_refused_in_one_line(command: str) -> None:
    with pytest.raises(CommandError) as refused:
        used(command, "/x", Host(complaint=NO_FOLDER))
    assert str(refused.value).startswith(
        "backup.location: there is no such folder on the docker host (got /x; allowed "
    )
    assert "\n" not in str(refused.value)


def test_a_restore_creates_no_empty_volume() -> None:
    host = Host()
    with pytest.raises(CommandError, match=r"^backup\.location: there is no such volume on the docker host \(got snap"):
        used("restore", "snapshots", host)
    assert host.calls == []
    used("backup", "snapshots", Host(folder="d 0 700"))
    used("restore", "another", host)
    assert host.calls[0][0] == "run"


@pytest.mark.parametrize("command", ["backup", "restore"])
@pytest.mark.parametrize(
    ("folder", "got"),
    [
        ("d 1000 700", "got user 1000, mode 700"),
        ("d 0 777", "got user 0, mode 777"),
        ("d 0 1770", "got user 0, mode 1770"),
        ("l 0 777", "got a link or file of user 0"),
    ],
)
def test_a_folder_of_somebody_else_is_refused(folder: str, got: str, command: str) -> None:
    with pytest.raises(CommandError) as refused:
        used(command, "/srv", Host(folder=folder))
    assert str(refused.value).startswith("backup.location: /srv/repository-store-trial is not a folder of root alone")
    assert got in str(refused.value)


@pytest.mark.parametrize("folder", ["d 0 700", "d 0 750", "d 0 2755", "d 65534 700"])
def test_a_folder_of_root_is_used(folder: str) -> None:
    for command in ("backup", "restore"):
        used(command, "/srv", Host(folder=folder))


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
