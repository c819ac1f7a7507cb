"""A shared topology that is no plain YAML is refused in one line; nothing in it is lost without a word."""

from pathlib import Path

import pytest

from stacks.rules.refusal import Refusal
from stacks.shared_topology import shared_topology

WRONG = {
    "no YAML": ("a: [", "t.yaml (line 1): it is not YAML"),
    "a list": ("- repositories", "t.yaml holds no mapping"),
    "a text": ("repositories", "t.yaml holds no mapping"),
    "a name twice": ("blobStores:\n  raw: {}\n  raw: {onDelete: purge}\n", "t.yaml (line 3): raw stands there twice"),
    "a section twice": ("roles: {}\nusers: {}\nroles: {}\n", "t.yaml (line 3): roles stands there twice"),
    "a number for a name": ("roles:\n  5: {}\n", "t.yaml (line 2): a key that is no text: put it in quotes"),
    "a truth for a name": ("roles:\n  on: {}\n", "t.yaml (line 2): a key that is no text: put it in quotes"),
    "a list for a name": ("? [a]\n: b\n", "t.yaml (line 1): a key that is no text: put it in quotes"),
    "a class": ("a: !!python/object:os.system {}\n", "t.yaml (line 1): could not determine a constructor"),
    "itself": ("roles: &roles\n  again: *roles\n", "t.yaml holds what JSON cannot (Circular reference detected)"),
    "no number": ("a: .nan\n", "t.yaml holds what JSON cannot"),
    "bytes": ("a: !!binary aGk=\n", "t.yaml holds what JSON cannot"),
    "a number without an end": (f"a: {'9' * 5000}\n", "t.yaml is not YAML"),
    "a depth without an end": (f"a: {'[' * 5000}", "t.yaml is not YAML"),
}


def read(folder: Path, content: bytes) -> dict[str, object]:
    (folder / "t.yaml").write_bytes(content)
    return shared_topology(folder, "t.yaml")


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line(tmp_path: Path, mistake: str) -> None:
    content, said = WRONG[mistake]
    with pytest.raises(Refusal) as refused:
        read(tmp_path, content.encode())
    (problem,) = refused.value.problems
    assert str(problem).startswith(f"topology: {said}")
    assert problem.remedy == "mend t.yaml"


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"'t.yaml' is no text in UTF-8"):
        read(tmp_path, b"\xff\xfe")


@pytest.mark.parametrize("name", ["none.yaml", ".", "..", "a\0b", "x" * 300])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="there is no file"):
        shared_topology(tmp_path, name)


def test_anchors_and_merges_are_yaml_and_dates_are_texts(tmp_path: Path) -> None:
    content = b"a: &a {x: 1, on_day: 2026-11-25}\nb: {<<: *a, x: 2}\n"
    assert read(tmp_path, content) == {"a": {"x": 1, "on_day": "2026-11-25"}, "b": {"x": 2, "on_day": "2026-11-25"}}


def test_an_empty_file_declares_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, b"# nothing yet\n") == {}
