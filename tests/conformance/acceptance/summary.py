"""python -m tests.conformance.acceptance.summary REPORT: prints docs/compatibility.md's table of an acceptance.json."""

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from tests.conformance.acceptance.table import Table

REPORT = Path(__file__).parent / "reports" / "core-3.77.0-08.json"
VERIFIED, RECORDED, PUBLISHED, ASSUMED = (
    "verified on a real server",
    "checked against recordings",
    "checked against the published API",
    "assumed",
)
STANDINGS = (VERIFIED, RECORDED, PUBLISHED, ASSUMED)
# Other evidence for requests that a report does not verify: the first matching pattern counts.
_OTHERWISE = (
    ("repository/docker/*", PUBLISHED, "tests/conformance/stand_in; docker clients store and fetch through it"),
    ("repository/yum/*", PUBLISHED, "tests/conformance/stand_in; dnf stores and fetches through it"),
    ("repository/npm/*", PUBLISHED, "tests/conformance/stand_in; npm stores and fetches through it"),
    ("repository/pypi/*", PUBLISHED, "tests/conformance/stand_in; pip and twine store and fetch through it"),
    ("repository/*", PUBLISHED, "tests/conformance/stand_in, settings alone"),
    ("blobStore/group", PUBLISHED, "tests/conformance/stand_in"),
    ("blobStore/*", ASSUMED, "the settings are those of the published API; no cloud was ever reached"),
    ("eula", RECORDED, "tests/conformance/contract: accepted once and for all"),
    ("serviceAccountToken", PUBLISHED, "no stack file manages it"),
    ("saml", ASSUMED, "the settings are those of the published API; no identity provider was ever reached"),
    ("oauth2", ASSUMED, "the settings are those of the published API; no identity provider was ever reached"),
    ("crowd", ASSUMED, "the settings are those of the published API; no Crowd was ever reached"),
    ("iq", ASSUMED, "the settings are those of the published API; no IQ server was ever reached"),
    ("*", PUBLISHED, "tests/conformance/stand_in"),
)  # fmt: skip
_PARTS = ("changed", "drifted")
_FIRST = "| what | state | by |\n|---|---|---|\n"


def summary(table: Table) -> str:
    """A line for each kind or format, and for each kind of evidence."""
    lines = [f"| {_called(names)} | {standing} | {by} |" for names, standing, by in _grouped(table)]
    return _FIRST + "\n".join(lines) + "\n\n" + _counted(table) + "\n"


def _counted(table: Table) -> str:
    counts = {standing: 0 for standing in STANDINGS}
    for name in table.rows:
        counts[_standing(table, name)[0]] += 1
    standings = ", ".join(f"{count} {standing}" for standing, count in counts.items())
    return f"{len(table.rows)} requests of the API: {standings}; {table.faults} unexplained."


def _grouped(table: Table) -> Iterator[tuple[list[str], str, str]]:
    """Groups verified requests by kind or format, the others by their evidence."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for name in table.rows:
        standing, by = _standing(table, name)
        kind = (name.rpartition("/")[0] or name) if standing == VERIFIED else ""
        groups.setdefault((standing, by, kind), []).append(name)
    for (standing, by, _), names in sorted(groups.items(), key=lambda entry: STANDINGS.index(entry[0][0])):
        if standing == VERIFIED:
            changed, drifted = (sum(len(getattr(table.rows[name], part)) for name in names) for part in _PARTS)
            by = f"{by}; fields changed one by one: {changed}, by hand: {drifted}"
        yield names, standing, by


def _standing(table: Table, name: str) -> tuple[str, str]:
    row = table.rows[name]
    if not row.lacking and not row.faults:
        return VERIFIED, f"{table.server}, {table.date}"
    return next((standing, by) for pattern, standing, by in _OTHERWISE if fnmatchcase(name, pattern))


def _called(names: list[str]) -> str:
    """The names, grouped by kind."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kind, _, own = name.rpartition("/")
        kinds.setdefault(kind, []).append(own)
    return "; ".join(f"{kind}: {', '.join(own)}" if kind else ", ".join(own) for kind, own in kinds.items())


if __name__ == "__main__":
    print(summary(Table.read(Path(sys.argv[1] if len(sys.argv) > 1 else REPORT).read_text())), end="")
