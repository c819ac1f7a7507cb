"""The rules of policy/ for a stack."""

from pathlib import Path

from cli.paths import ROOT
from cli.stack.stack import Stack


def policy_arguments(stack: Stack) -> list[str]:
    """The flags of Pulumi that hold a stack to the rules, at the levels of its environment."""
    return ["--policy-pack", "policy/run", "--policy-pack-config", str(levels_of(stack).relative_to(ROOT))]


def levels_of(stack: Stack) -> Path:
    """The file that says what the stack makes of each rule."""
    levels = ROOT / "policy" / "levels"
    own = levels / f"{stack.name}.json"
    return own if own.exists() else levels / ("local.json" if stack.is_own else "production.json")
