"""The enforcement level of each rule for a stack."""

import json
from pathlib import Path

from policy.rules import RULES

LEVELS = Path(__file__).parent / "levels"
MANDATORY = "mandatory"


def file_of(stack: str, *, is_own: bool) -> Path:
    """The file of the stack; without one, that of `local` for a stack of this machine, and production's for others."""
    own = LEVELS / f"{stack}.json"
    return own if own.exists() else LEVELS / ("local.json" if is_own else "production.json")


def mandatory(file: Path) -> frozenset[str]:
    """The names of the rules that a levels file makes mandatory."""
    levels = json.loads(file.read_text(encoding="utf-8"))
    return frozenset(rule.name for rule in RULES if levels.get(rule.name, levels.get("all")) == MANDATORY)
