"""The policies of a stack."""

from pathlib import Path

from cli.paths import ROOT
from cli.stack.stack import Stack
from policy.levels_of import file_of


def policy_arguments(stack: Stack) -> list[str]:
    """Pulumi's flags that apply the policy pack to a stack, at the levels of its environment."""
    return ["--policy-pack", "policy/run", "--policy-pack-config", str(levels_of(stack).relative_to(ROOT))]


def levels_of(stack: Stack) -> Path:
    """The file with the enforcement level of each policy for the stack."""
    return file_of(stack.name, is_own=stack.is_own)
