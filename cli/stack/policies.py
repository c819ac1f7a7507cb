"""The rules of policy/ for a stack."""

from cli.paths import ROOT
from cli.stack.stack import Stack


def policy_arguments(stack: Stack) -> list[str]:
    """The flags of Pulumi that hold a stack to the rules, at the levels of its environment."""
    levels = ROOT / "policy" / "levels"
    own = levels / f"{stack.name}.json"
    chosen = own if own.exists() else levels / ("local.json" if stack.is_own else "production.json")
    return ["--policy-pack", "policy/run", "--policy-pack-config", str(chosen.relative_to(ROOT))]
