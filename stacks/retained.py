"""python -m stacks.retained STACK: refuses to take a stack down whose `retain` no `up` has applied.

Pulumi leaves a volume behind when its state says so, whatever the stack file says by now. The state is read from
standard input, as `pulumi stack export` prints it.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from stacks.stack_file import values

_VOLUMES = {name: f"docker:index/volume:Volume::{name}" for name in ("nexus-data", "acme")}


def unapplied(wanted: Iterable[str], state: Mapping[str, Any]) -> list[str]:
    """What is to be retained and would be removed all the same."""
    resources = (state.get("deployment") or {}).get("resources") or []
    going = [resource["urn"] for resource in resources if not resource.get("retainOnDelete")]
    return [name for name in wanted if name in _VOLUMES and any(urn.endswith(_VOLUMES[name]) for urn in going)]


def main(stack: str) -> None:
    """Ends the program with one line when something would be lost."""
    file = Path("stacks") / f"Pulumi.{stack}.yaml"
    (said,) = values(file.read_text(encoding="utf-8"), ["retain"])
    wanted = yaml.safe_load(said) or []
    found = unapplied(wanted if isinstance(wanted, list) else [wanted], json.load(sys.stdin))
    if found:
        sys.exit(
            f"retain: {', '.join(found)} was given, and no up has applied it, so that make down would remove it; "
            f"allowed: what has been applied; remedy: make up STACK={stack}, then make down STACK={stack}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
