"""Refuses an update plan if the stack file has changed since the plan was made.

Pulumi checks each step against the plan, and names resources that differ. This check comes before anything runs, and
names the changed keys of the stack file. Secrets are compared in their encrypted form.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).parents[1]
_FIX = "Fix: make preview-report STACK={} PLAN={}, read it, then apply it"


class WrongPlan(Exception):
    """One line that says why, and what to do."""


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The keys at which two configurations differ, down to single values: `blobStores.tools.onDelete`."""
    return sorted({key.partition(":")[2] or key for key in _differences(_texts(before), _texts(now))})


def _texts(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """A plan has top-level values as text, except mappings and lists."""
    return {key: value if isinstance(value, dict | list) else _text(value) for key, value in configuration.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], place: str = "") -> Iterator[str]:
    for key in {**before, **now}:
        old, new = before.get(key), now.get(key)
        if old == new and (key in before) == (key in now):
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping) and "secure" not in {**old, **new}:
            yield from _differences(old, new, f"{place}{key}.")
        else:
            yield f"{place}{key}"


def check(stack: str, plan: Path) -> None:
    """Refuses the plan unless it was made from the current stack file.

    Raises:
        WrongPlan: it was made from another one, or is not a plan.
    """
    stack_file = f"stacks/Pulumi.{stack}.yaml"
    defaults = _defaults()
    fix = _FIX.format(stack, plan)
    try:
        planned = json.loads(plan.read_text(encoding="utf-8"))["config"]
    except OSError as error:
        raise WrongPlan(f"{plan}: {error.strerror}. {fix}") from None
    except (ValueError, KeyError, TypeError):
        raise WrongPlan(f"{plan}: not an update plan of Pulumi. {fix}") from None
    given = yaml.safe_load((_ROOT / stack_file).read_text(encoding="utf-8")).get("config") or {}
    found = changed({**defaults, **planned}, {**defaults, **given})
    if found:
        raise WrongPlan(f"{plan}: {stack_file} has changed since it was made: {', '.join(found)}. {fix}")


def _defaults() -> dict[str, Any]:
    project = yaml.safe_load((_ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    declared = project.get("config", {}).items()
    return {f"{project['name']}:{key}": about["default"] for key, about in declared if "default" in about}
