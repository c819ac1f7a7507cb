"""The threat model names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_defence_names_a_test_that_is_there() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    boundaries = text.split("## Trust boundaries")[1].split("\n## ")[0]
    named = re.findall(r"`(tests/[\w/.]+)`", boundaries)
    assert len(named) >= 12
    assert [path for path in named if not (ROOT / path).exists()] == []
