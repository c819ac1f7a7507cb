"""The threat model and the hardening lists name existing tests."""

import ast
import re
from pathlib import Path

import pytest

from policy.rules import RULES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_YES = re.compile(r"^(yes|in part|nginx)\b")


def missing(text: str) -> list[str]:
    """The named files that do not exist, and the named tests that their files do not have."""
    found = []
    for path, test in re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", text):
        file = ROOT / path
        if not file.exists() or (test and test not in functions_of(file)):
            found.append(f"{path}::{test}" if test else path)
    return found


def functions_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def table(text: str) -> list[list[str]]:
    """The rows of all tables below a heading, without their heads."""
    rows = [re.split(r"(?<!\\)\|", line.strip("|")) for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row] for row in rows]
    return [row for row in cells if set(row[0]) != {"-"} and row[0] not in ("Line", "Boundary")]


@pytest.fixture
def model() -> str:
    return (DOCS / "threat-model.md").read_text(encoding="utf-8")


@pytest.fixture
def hardening() -> str:
    return (DOCS / "hardening.md").read_text(encoding="utf-8")


def test_every_named_test_exists(model: str, hardening: str) -> None:
    assert len(re.findall("`tests/", model)) >= 12
    assert missing(model + hardening) == []


@pytest.mark.parametrize(
    "name",
    ["tests/unit/test_nothing.py", "tests/unit/test_docs.py::test_nothing", "tests/unit/test_threat_model.py::missing"],
)
def test_a_name_without_a_test_is_found(name: str) -> None:
    assert missing(f"| a line | yes | `{name}` |") == [name]


def test_every_boundary_has_a_defence_and_a_test(model: str) -> None:
    rows = table(model.split("## Trust boundaries")[1].split("\n## ")[0])
    assert len(rows) >= 13
    assert [row for row in rows if len(row) != 3 or not row[1] or "`tests/" not in row[2]] == []


def test_every_yes_of_the_lists_has_its_test_and_every_no_its_reason(hardening: str) -> None:
    lists = dict(zip(*[iter(re.split(r"^## (.+)$", hardening, flags=re.MULTILINE)[1:])] * 2, strict=True))
    assert len(lists) == 3
    for name, text in lists.items():
        rows = table(text)
        assert len(rows) >= 10, name
        for row in rows:
            assert len(row) == 3, row
            assert row[1], row
            assert row[2], row
            if _YES.match(row[1]):
                assert re.search(r"`tests/[\w/.]+::\w+`", row[2]), row


def test_the_lists_name_existing_rules(hardening: str) -> None:
    named = re.findall(r"rule `([\w-]+)`", hardening)
    assert named
    assert set(named) <= {rule.name for rule in RULES}


def test_every_file_of_attacks_is_named(model: str) -> None:
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/e2e/attack").glob("test_*.py")]
    assert files
    assert [path for path in files if f"`{path}`" not in model] == []
