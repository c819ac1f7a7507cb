"""The threat model names existing tests."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_defence_names_an_existing_test() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    boundaries = text.split("## Trust boundaries")[1].split("\n## ")[0]
    named = re.findall(r"`(tests/[\w/.]+)`", boundaries)
    assert len(named) >= 12
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_boundary_has_a_defence_and_a_test() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    table = text.split("## Trust boundaries")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 13
    assert [row for row in rows if len(row) != 3 or not row[1].strip() or "`tests/" not in row[2]] == []


def test_every_file_of_attacks_is_named() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/e2e/attack").glob("test_*.py")]
    assert files
    assert [path for path in files if f"`{path}`" not in text] == []
