"""The policies of a stack."""

from pathlib import Path

from cli.machine.installed_pulumi import installed_pulumi
from cli.paths import ROOT
from cli.stack.stack import Stack
from policy.levels_of import file_of

_TAKES_AN_EXECUTABLE = (3, 256)
"""Older ones (by their source, 3.254 at least) take only a directory, which the pulumi-analyzer-policy-python of their
archive runs. The Pulumi that is built here cannot run a directory: its language host is too old for it."""


def policy_arguments(stack: Stack) -> list[str]:
    """Pulumi's flags that apply the policy pack to a stack, at the levels of its environment."""
    installed = installed_pulumi()
    pack = "policy" if installed and installed.numbers < _TAKES_AN_EXECUTABLE else "policy/run"
    return ["--policy-pack", pack, "--policy-pack-config", str(levels_of(stack).relative_to(ROOT))]


def levels_of(stack: Stack) -> Path:
    """The file with the enforcement level of each policy for the stack."""
    return file_of(stack.name, is_own=stack.is_own)
