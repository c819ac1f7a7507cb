"""Scripts for snapshots: an interrupted restore is completed, or has changed nothing."""

import contextlib
import shutil
from pathlib import Path

import pytest

from cli.commands.restore import _list
from cli.errors import CommandError
from tests.commands.cli.own_snapshots import made, restored, snapshots


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, str]:
    """A data volume that changed after its snapshot."""
    data, place = tmp_path / "data", tmp_path / "place"
    (data / "blobs" / "deep").mkdir(parents=True)
    (data / "db").mkdir()
    place.mkdir()
    (data / "blobs" / "deep" / "kept").write_text("kept")
    (data / "db" / "nexus.db").write_text("old")
    name = made(snapshots(data, place))
    (data / "db" / "nexus.db").write_text("newer")
    (data / "blobs" / "deep" / "kept").unlink()
    (data / "blobs" / "added").write_text("added")
    return data, place, name


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_snapshots_are_listed_with_their_sizes_and_without_those_of_other_stores(
    folders: tuple[Path, Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, place, name = folders
    other = place.with_name("other") / "2026-01-01T00-00-00Z"
    other.mkdir(parents=True)
    _list(snapshots(data, place), "trial")
    printed = capsys.readouterr()
    day, time = name.removesuffix("Z").split("T")
    (line,) = printed.out.splitlines()
    assert line.startswith(f"{name}  {day} {time[:5].replace('-', ':')} UTC  ")
    assert printed.err == f"make restore STACK=trial FROM={name} restores the last one\n"
    _list(snapshots(data, place.with_name("none")), "trial")
    assert capsys.readouterr() == ("", "there is no snapshot yet: make backup STACK=trial\n")


def test_a_restore_brings_back_exactly_the_snapshot(folders: tuple[Path, Path, str]) -> None:
    data, place, name = folders
    restored(snapshots(data, place), name)
    assert files(data) == {"blobs/deep/kept": "kept", "db/nexus.db": "old"}
    assert not snapshots(data, place).repair()
    assert files(data) == {"blobs/deep/kept": "kept", "db/nexus.db": "old"}


@pytest.mark.parametrize("program", ["tar", "sha256sum", "mv", "chown", "chmod", "rm", "rmdir", "sync"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_restore_interrupted_at_any_program_can_be_completed(
    program: str, call: int, folders: tuple[Path, Path, str], tmp_path: Path
) -> None:
    data, place, name = folders
    before = files(data)
    cut_off(tmp_path / "bin", program, call)
    try:
        restored(snapshots(data, place, tmp_path / "bin"), name)
    except CommandError:
        finished = snapshots(data, place).repair()
        snapshots(data, place).settle()
        assert files(data) == ({"blobs/deep/kept": "kept", "db/nexus.db": "old"} if finished else before)
    else:
        assert files(data) == {"blobs/deep/kept": "kept", "db/nexus.db": "old"}  # it is called less often
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


def cut_off(folder: Path, program: str, call: int) -> None:
    """Replaces a program so that it kills its caller at one of its calls."""
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


def test_snapshots_have_names_and_the_oldest_are_removed(folders: tuple[Path, Path, str]) -> None:
    data, place, name = folders
    found = snapshots(data, place)
    assert found.names == [name]
    shutil.copytree(place / name, place / "2020-01-01T00-00-00Z")
    assert found.names == ["2020-01-01T00-00-00Z", name]
    assert found.describe(name).startswith(f"snapshot {name}: 2 files, ")
    found.check(name)
    found.keep(1)
    assert found.names == [name]
    found.remove(name)
    assert found.names == []


def test_unchanged_files_are_links_to_the_previous_snapshot_except_the_database(
    folders: tuple[Path, Path, str],
) -> None:
    data, place, name = folders
    found = snapshots(data, place)
    first = place / "2020-01-01T00-00-00Z"
    restored(found, name)
    (place / name).rename(first)
    (data / "blobs" / "added").write_text("added")
    second = place / made(found) / "data"
    assert files(second) == {"blobs/added": "added", "blobs/deep/kept": "kept", "db/nexus.db": "old"}
    assert (second / "blobs/deep/kept").samefile(first / "data/blobs/deep/kept")
    assert (second / "db/nexus.db").stat().st_nlink == 1


def test_an_incomplete_snapshot_is_refused(folders: tuple[Path, Path, str]) -> None:
    data, place, name = folders
    (place / name / "data/blobs/deep/kept").unlink()
    with pytest.raises(CommandError, match=f"the snapshot {name} is damaged, .* missing blobs/deep/kept"):
        snapshots(data, place).check(name)


def test_nexus_that_does_not_serve_a_snapshot_gets_its_content_back(folders: tuple[Path, Path, str]) -> None:
    data, place, name = folders
    before = files(data)
    found = snapshots(data, place)
    found.lay(name)
    found.exchange()
    assert files(data)["db/nexus.db"] == "old"
    assert found.back()
    found.settle()
    assert files(data) == before
    assert not found.back()


@pytest.mark.parametrize("program", ["mv", "chown", "chmod", "mkdir", "rmdir", "sync"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_way_back_that_is_interrupted_anywhere_can_be_gone_again(
    program: str, call: int, folders: tuple[Path, Path, str], tmp_path: Path
) -> None:
    data, place, name = folders
    before = files(data)
    found = snapshots(data, place)
    found.lay(name)
    found.exchange()
    cut_off(tmp_path / "bin", program, call)
    with contextlib.suppress(CommandError):  # a program may be called less often
        snapshots(data, place, tmp_path / "bin").back()
    found.back()
    found.settle()
    assert files(data) == before
    assert not [path for path in data.iterdir() if path.name.startswith(".")]
