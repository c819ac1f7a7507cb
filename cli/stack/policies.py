"""The policies of a stack."""

from pathlib import Path

from cli.paths import ROOT
from cli.stack.stack import Stack


def policy_arguments(stack: Stack) -> list[str]:
    """Pulumi's flags that apply the policy pack to a stack, at the levels of its environment."""
    return ["--policy-pack", "policy/run", "--policy-pack-config", str(levels_of(stack).relative_to(ROOT))]


def levels_of(stack: Stack) -> Path:
    """The file with the enforcement level of each policy for the stack."""
    levels = ROOT / "policy" / "levels"
    own = levels / f"{stack.name}.json"
    return own if own.exists() else levels / ("local.json" if stack.is_own else "production.json")
