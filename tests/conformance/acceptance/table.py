"""The results, as a table and as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

STAGES = ("create", "empty preview", "each field", "drift", "remove", "adopt")
CLOSED = "closed-paths"
PASSED, NOT_REACHED = "passed", "not reached"
_LONGEST = 300


@dataclass
class Row:
    """One format and type, or one other kind."""

    lacking: str = ""
    """Why it was not tried."""
    stages: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    """The fields that were changed in the stack file, one after another."""
    drifted: list[str] = field(default_factory=list)
    """The fields that were changed by hand, shown by a preview and reverted."""
    repaired: list[str] = field(default_factory=list)
    """The same of the adopted object, with those that the stack file does not declare."""
    left_out: dict[str, str] = field(default_factory=dict)
    """The unchanged fields, with the reason."""

    def cells(self) -> list[str]:
        return [self.stages.get(stage, NOT_REACHED) for stage in STAGES]

    @property
    def faults(self) -> int:
        return 0 if self.lacking else sum(cell != PASSED for cell in self.cells())


@dataclass
class Closed:
    """Requests for a path that nginx closes: how many the core takes for it, and which get to it through nginx."""

    tried: int = 0
    core: int = 0
    through: list[str] = field(default_factory=list)
    lacking: str = ""
    """Why it was not tried."""

    def __str__(self) -> str:
        return self.lacking or f"{self.core} of {self.tried} straight to the core, through nginx {len(self.through)}"


@dataclass
class Table:
    """A row for each format and type, and for each other kind."""

    server: str
    date: str
    rows: dict[str, Row] = field(default_factory=dict)
    closed: dict[str, Closed] = field(default_factory=dict)

    def expect(self, subject: str, lacking: str = "") -> None:
        self.rows[subject] = Row(lacking)

    def note(self, subject: str, stage: str, fault: str = "") -> None:
        """Keeps the first fault of a stage."""
        stages = self.rows[subject].stages
        if stages.get(stage, PASSED) == PASSED:
            stages[stage] = " ".join(fault.split())[:_LONGEST] or PASSED

    @property
    def faults(self) -> int:
        return sum(row.faults for row in self.rows.values()) + sum(len(one.through) for one in self.closed.values())

    def markdown(self) -> str:
        tried = {name: row for name, row in self.rows.items() if not row.lacking}
        lines = [
            f"Server: {self.server}, {self.date}",
            "",
            f"| what | {' | '.join(STAGES)} | fields changed, drifted |",
        ]
        lines.append("|---" * (2 + len(STAGES)) + "|")
        for name, row in tried.items():
            cells = [cell.replace("|", "\\|") for cell in row.cells()]
            lines.append(f"| {name} | {' | '.join(cells)} | {len(row.changed)}, {len(row.drifted)} |")
        return "\n".join([*lines, "", *self._lacking(), *self._left_out(), *self._closed(), ""])

    def _closed(self) -> list[str]:
        lines = [f"- {name} get to a closed path: {one}" for name, one in self.closed.items()]
        return lines + [f"    - `{line}`" for one in self.closed.values() for line in one.through]

    def _lacking(self) -> list[str]:
        reasons = sorted({row.lacking for row in self.rows.values() if row.lacking})
        return [
            f"- {reason}: {', '.join(name for name, row in self.rows.items() if row.lacking == reason)}"
            for reason in reasons
        ]

    def _left_out(self) -> list[str]:
        found: dict[tuple[str, str], list[str]] = {}
        for name, row in self.rows.items():
            for path, reason in row.left_out.items():
                found.setdefault((path, reason), []).append(name)
        return [f"- `{path}` was not changed, {reason}: {', '.join(names)}" for (path, reason), names in found.items()]

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def read(cls, text: str) -> Self:
        document: Mapping[str, Any] = json.loads(text)
        rows = {name: Row(**row) for name, row in document["rows"].items()}
        closed = {name: Closed(**one) for name, one in document.get("closed", {}).items()}
        return cls(document["server"], document["date"], rows, closed)
