"""The last lines of `make test`: what each tier took, what failed, and how to run just that again."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.results import Failure, Results

_SHOWN = 20
_LAST_LINES = 8


@dataclass(frozen=True)
class Tier:
    """A target of make: how it ended."""

    command: tuple[str, ...]
    """`make TARGET [VARIABLE=VALUE...]`."""
    seconds: float = 0
    code: int | None = None
    """None if it did not run."""
    results: tuple[Results, ...] = ()
    """Of its runs of pytest."""
    output: str = ""

    @property
    def name(self) -> str:
        return self.command[1]

    @property
    def passed(self) -> int:
        return sum(each.passed for each in self.results)

    @property
    def failures(self) -> list[Failure]:
        return [failure for each in self.results for failure in each.failures]

    @property
    def failed(self) -> int:
        """A tier that fails outside of a test, or does not run, counts as one failure."""
        return len(self.failures) or int(self.code != 0)


def summary(tiers: Sequence[Tier], seconds: float) -> str:
    """Ends with `N passed, N failed` on a line of its own."""
    width = max(len(tier.name) for tier in tiers)
    lines = ["", f"make test took {duration(seconds)}", ""]
    lines += [f"  {tier.name:<{width}}  {_took(tier):>12}  {_counts(tier)}".rstrip() for tier in tiers]
    for tier in tiers:
        if tier.failed and tier.code is not None:
            lines += ["", *_explained(tier)]
    total = f"{sum(tier.passed for tier in tiers)} passed, {sum(tier.failed for tier in tiers)} failed"
    return "\n".join([*lines, "", total])


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _took(tier: Tier) -> str:
    return "did not run" if tier.code is None else duration(tier.seconds)


def _counts(tier: Tier) -> str:
    if tier.code is None:
        return f"run it with: {shlex.join(tier.command)}"
    passed = [f"{tier.passed} passed"] if tier.results else []
    return ", ".join([*passed, *([f"{tier.failed} failed"] if tier.failed else [])]) or "passed"


def _explained(tier: Tier) -> Iterator[str]:
    failures = tier.failures
    for failure in failures[:_SHOWN]:
        yield f"FAILED {failure.test}"
        yield f"    {failure.reason}"
    if not failures:
        yield f"FAILED {tier.name}: exit code {tier.code}, after"
        yield from (f"    {line}" for line in tier.output.splitlines()[-_LAST_LINES:])
    if len(failures) > _SHOWN:
        yield f"and {len(failures) - _SHOWN} more"
    yield f"Again: {_again(tier)}"


def _again(tier: Tier) -> str:
    """Single tests where all that failed are tests, and the variables of make do not change what they do."""
    if not tier.failures or len(tier.failures) > _SHOWN:
        return shlex.join(tier.command)
    options = ("--short",) if "SHORT=1" in tier.command and tier.name == "attack" else ()
    tests = dict.fromkeys(failure.test for failure in tier.failures)
    return shlex.join([".venv/bin/python", "-m", "pytest", *options, *tests])
