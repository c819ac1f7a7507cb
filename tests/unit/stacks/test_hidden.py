"""Secret values of a stack file are recognized by their marks and not by their keys."""

from pathlib import Path

from nexus.problem import Problem
from stacks.hidden import hidden_paths, masked
from stacks.settings import Settings

FILE = """
config:
  repository-store:capabilities:
    header: {type: x, properties: {value: {secure: abc}, other: plain}}
  repository-store:routingRules:
    inside: {matchers: [a, {secure: abc}]}
  repository-store:scripts: {secure: abc}
"""
GIVEN = {
    "capabilities": {"header": {"type": "x", "properties": {"value": "hunter2", "other": "plain"}}},
    "routingRules": {"inside": {"matchers": ["a", "b"]}},
    "scripts": {"one": {"content": "c"}},
}
KEYS = ("capabilities", "routingRules", "scripts")


def paths(tmp_path: Path, text: str = FILE) -> frozenset[tuple[str, ...]]:
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(text)
    return hidden_paths(file, GIVEN, KEYS)


def test_a_value_a_list_and_a_whole_section_are_found(tmp_path: Path) -> None:
    found = paths(tmp_path)
    assert found == {
        ("capabilities", "header", "properties", "value"),
        ("routingRules", "inside", "matchers"),
        ("scripts",),
    }
    whole = Settings.of({"hostname": "nexus.domain.org", "passwords": {"admin": "x"}}, tmp_path)
    whole._hidden = found
    assert whole.hidden_in("capabilities", "header") == {("properties", "value")}
    assert whole.hidden_in("capabilities", "other") == frozenset()
    assert whole.hidden_in("scripts", "one") == {()}


def test_without_marks_in_the_file_everything_below_the_key_is_secret(tmp_path: Path) -> None:
    assert hidden_paths(tmp_path / "none.yaml", GIVEN, ["capabilities"]) == {("capabilities",)}
    assert paths(tmp_path, "config: {}") == {(key,) for key in KEYS}


def test_no_error_shows_a_secret(tmp_path: Path) -> None:
    problem = Problem("capabilities.header", "'hunter2' is no number", "a number", "pulumi config set hunter2")
    (shown,) = masked([problem], GIVEN, paths(tmp_path))
    assert str(shown) == (
        "capabilities.header: '[secret]' is no number (allowed a number). Fix: pulumi config set [secret]"
    )
