"""A shared topology with problematic YAML is refused in one line, so that no value is silently lost."""

import time
from pathlib import Path

import pytest
import yaml

from stacks.plain_yaml import NotPlain
from stacks.rules.refusal import Refusal
from stacks.shared_topology import shared_topology
from stacks.stack_file import read_yaml

WRONG = {
    "no YAML": ("a: [", "t.yaml (line 1): it is not YAML"),
    "a list": ("- repositories", "t.yaml is not a mapping"),
    "a text": ("repositories", "t.yaml is not a mapping"),
    "a name twice": ("blobStores:\n  raw: {}\n  raw: {onDelete: purge}\n", "t.yaml (line 3): duplicate key raw"),
    "a section twice": ("roles: {}\nusers: {}\nroles: {}\n", "t.yaml (line 3): duplicate key roles"),
    "a number for a name": ("roles:\n  5: {}\n", "t.yaml (line 2): a key that is not text: put it in quotes"),
    "a truth for a name": ("roles:\n  on: {}\n", "t.yaml (line 2): a key that is not text: put it in quotes"),
    "a list for a name": ("? [a]\n: b\n", "t.yaml (line 1): a key that is not text: put it in quotes"),
    "a class": ("a: !!python/object:os.system {}\n", "t.yaml (line 1): could not determine a constructor"),
    "itself": (
        "roles: &roles\n  again: *roles\n",
        "t.yaml (line 1): a value contains itself through an alias: write it out",
    ),
    "no number": ("a: .nan\n", "t.yaml has a value that is not JSON"),
    "bytes": ("a: !!binary aGk=\n", "t.yaml has a value that is not JSON"),
    "a number without an end": (f"a: {'9' * 5000}\n", "t.yaml: it is not YAML"),
    "a depth without an end": (f"a: {'[' * 5000}", "t.yaml (line 1): it is nested more than 100 levels deep"),
}


def read(folder: Path, content: bytes) -> dict[str, object]:
    (folder / "t.yaml").write_bytes(content)
    return shared_topology(folder, "t.yaml")


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line(tmp_path: Path, mistake: str) -> None:
    content, message = WRONG[mistake]
    with pytest.raises(Refusal) as refused:
        read(tmp_path, content.encode())
    (problem,) = refused.value.problems
    assert str(problem).startswith(f"topology: {message}")
    assert problem.fix == "edit t.yaml"


def test_binary_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"'t.yaml' is not UTF-8 text"):
        read(tmp_path, b"\xff\xfe")


@pytest.mark.parametrize("name", ["none.yaml", ".", "a\0b", "x" * 300])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="there is no file"):
        shared_topology(tmp_path, name)


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text", [bomb(9), bomb(40), bomb(9) + "\nroles: {<<: *a8}", bomb(9).replace("[", "{<<: [").replace("]", "]}")]
)
def test_aliases_for_a_million_values_are_refused_before_they_are_expanded(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match=r"its aliases expand to more than 1,000,000 values"):
        read(tmp_path, text.encode())


DEEP = 5000
NESTED = {
    "brackets": f"roles: {'[' * DEEP}{']' * DEEP}",
    "braces": f"{'{a: ' * DEEP}{'}' * DEEP}",
    "lines": "\n".join(f"{' ' * level}a:" for level in range(DEEP)),
    "dashes": "- " * DEEP,
    "keys": "? " * DEEP,
    "aliases": "a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, DEEP)),
}


@pytest.mark.parametrize("loader", ["C", "Python"])
@pytest.mark.parametrize("form", NESTED)
def test_a_file_that_is_nested_5000_deep_is_refused_in_under_a_second(
    form: str, loader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both as the program reads it, and as commands read a stack file before that, with and without libyaml."""
    if loader == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader")
    file = tmp_path / "t.yaml"
    file.write_text(NESTED[form])
    begun = time.process_time()
    with pytest.raises(Refusal, match=r"t.yaml \(line \d+\): it is nested more than 100 levels deep: write it flatter"):
        shared_topology(tmp_path, "t.yaml")
    with pytest.raises(NotPlain, match="it is nested more than 100 levels deep: write it flatter"):
        read_yaml(file)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("text", [bomb(9), bomb(40), bomb(9).replace("[", "{<<: [").replace("]", "]}")])
def test_commands_expand_no_bomb_of_aliases(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(text)
    begun = time.process_time()
    with pytest.raises(NotPlain, match="its aliases expand to more than 1,000,000 values: write the values out"):
        read_yaml(file)
    assert time.process_time() - begun < 1


def test_100_levels_are_read(tmp_path: Path) -> None:
    text = f"roles: {'[' * 99}1{']' * 99}"
    file = tmp_path / "t.yaml"
    file.write_text(text)
    assert shared_topology(tmp_path, "t.yaml") == read_yaml(file)
    with pytest.raises(Refusal, match="nested more than 100"):
        read(tmp_path, text.replace("1", "[1]").encode())


@pytest.mark.parametrize("number", ["0443", "-010", "0o17", "12:30", "1:2:3", "1_000"])
def test_an_ambiguous_number_is_refused_unless_quoted(tmp_path: Path, number: str) -> None:
    with pytest.raises(Refusal, match=rf"t.yaml \(line 1\): YAML parsers read {number} as different"):
        read(tmp_path, f"a: {number}".encode())
    assert read(tmp_path, f"a: '{number}'".encode()) == {"a": number}


@pytest.mark.parametrize("name", ["/etc/passwd", "..", "../Pulumi.yaml", "a/../../x.yaml", "out"])
def test_a_file_outside_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").symlink_to("/etc/passwd")
    with pytest.raises(Refusal, match="is outside"):
        shared_topology(tmp_path, name)


def test_a_secret_is_refused_and_not_shown(tmp_path: Path) -> None:
    content = b"repositories: {x: {httpClient: {authentication: {password: hunter2}}}}"
    with pytest.raises(Refusal) as refused:
        read(tmp_path, content)
    message = str(refused.value)
    assert message.startswith(
        "repositories.x.httpClient.authentication.password: the secret is in t.yaml, which cannot hold secrets"
    )
    assert "pulumi config set --secret --path repositories.x.httpClient.authentication.password" in message
    assert "hunter2" not in message


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfroles:\r\n  a: {}\r\n") == {"roles": {"a": {}}}


def test_anchors_and_merges_work_and_dates_are_texts(tmp_path: Path) -> None:
    content = b"a: &a {x: 1, on_day: 2026-11-25}\nb: {<<: *a, x: 2}\n"
    assert read(tmp_path, content) == {"a": {"x": 1, "on_day": "2026-11-25"}, "b": {"x": 2, "on_day": "2026-11-25"}}


def test_an_empty_file_declares_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, b"# nothing yet\n") == {}
