"""The script that writes and reads snapshots: a restore that is cut off is finished, or has touched nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "cli" / "snapshots" / "snapshot.sh"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, str]:
    """A data volume that has changed since its snapshot was made."""
    data, place = tmp_path / "data", tmp_path / "place"
    (data / "blobs" / "deep").mkdir(parents=True)
    (data / "db").mkdir()
    place.mkdir()
    (data / "blobs" / "deep" / "kept").write_text("kept")
    (data / "db" / "nexus.db").write_text("old")
    snapshot(data, place, "begin")
    name = snapshot(data, place, "finish")
    (data / "db" / "nexus.db").write_text("newer")
    (data / "blobs" / "deep" / "kept").unlink()
    (data / "blobs" / "added").write_text("added")
    return data, place, name


def snapshot(data: Path, place: Path, *action: str, path: str = "") -> str:
    environment = {**os.environ, "DATA": str(data), "PATH": f"{path}:{os.environ['PATH']}"}
    return subprocess.check_output(["sh", SCRIPT, place, *action], env=environment, text=True).strip()


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_was_there_comes_back_and_nothing_else(folders: tuple[Path, Path, str]) -> None:
    data, place, name = folders
    snapshot(data, place, "restore", name)
    assert files(data) == {"blobs/deep/kept": "kept", "db/nexus.db": "old"}
    assert snapshot(data, place, "mend") == "untouched"
    assert files(data) == {"blobs/deep/kept": "kept", "db/nexus.db": "old"}


@pytest.mark.parametrize("program", ["tar", "mv", "chown", "chmod", "rm", "rmdir", "sync"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_cut_off_at_any_program_the_data_is_whole_after_mending(
    program: str, call: int, folders: tuple[Path, Path, str], tmp_path: Path
) -> None:
    data, place, name = folders
    before = files(data)
    cut_off(tmp_path / "bin", program, call)
    try:
        snapshot(data, place, "restore", name, path=str(tmp_path / "bin"))
    except subprocess.CalledProcessError:
        outcome = snapshot(data, place, "mend")
        wanted = {"untouched": before, "finished": {"blobs/deep/kept": "kept", "db/nexus.db": "old"}}[outcome]
        assert files(data) == wanted
    else:
        assert files(data) == {"blobs/deep/kept": "kept", "db/nexus.db": "old"}  # it is not called so often
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


def cut_off(folder: Path, program: str, call: int) -> None:
    """Kills the shell that calls the program, at this call of it, before it has run."""
    folder.mkdir()
    path = folder / program
    lines = [
        "#!/bin/sh",
        f"echo >>{folder}/calls",
        f"[ $(wc -l <{folder}/calls) != {call} ] || exit 1",
        f'exec {shutil.which(program)} "$@"',
    ]
    path.write_text("\n".join(lines))
    path.chmod(0o755)


def test_the_snapshots_are_named_and_the_oldest_go(folders: tuple[Path, Path, str]) -> None:
    data, place, name = folders
    assert snapshot(data, place, "names") == name
    shutil.copytree(place / name, place / "2020-01-01T00-00-00Z")
    assert snapshot(data, place, "names") == f"2020-01-01T00-00-00Z {name}"
    assert snapshot(data, place, "describe", name).startswith(f"snapshot {name}: 2 files, ")
    snapshot(data, place, "check", name)
    snapshot(data, place, "keep", "1")
    assert snapshot(data, place, "names") == name
    snapshot(data, place, "remove", name)
    assert snapshot(data, place, "names") == "none yet"
