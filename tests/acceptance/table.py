"""What came of it, as a table for people and as JSON."""

import json
from dataclasses import dataclass, field

STAGES = ("create", "empty preview", "each field", "drift", "adopt", "remove")
PASSED, LACKING = "passed", "the server has none"


@dataclass
class Table:
    """A row for each format and type, and for each other kind; what is empty was not reached."""

    server: str
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    def expect(self, subject: str, *, there: bool) -> None:
        self.rows[subject] = {} if there else dict.fromkeys(STAGES, LACKING)

    def note(self, subject: str, stage: str, fault: str = "") -> None:
        """The first fault of a stage stays."""
        row = self.rows[subject]
        if row.get(stage, PASSED) == PASSED:
            row[stage] = " ".join(fault.split())[:160] or PASSED

    @property
    def faults(self) -> int:
        return sum(word not in (PASSED, LACKING) for row in self.rows.values() for word in self.cells(row))

    @staticmethod
    def cells(row: dict[str, str]) -> list[str]:
        return [row.get(stage, "not reached") for stage in STAGES]

    def markdown(self) -> str:
        there = {name: row for name, row in self.rows.items() if LACKING not in row.values()}
        lines = [f"Server: {self.server}", "", f"| what | {' | '.join(STAGES)} |", "|---" * (1 + len(STAGES)) + "|"]
        lines += [f"| {name} | {' | '.join(self.cells(row)).replace('|' * 2, ' ')} |" for name, row in there.items()]
        lacking = [name for name in self.rows if name not in there]
        return "\n".join([*lines, "", f"{LACKING}: {', '.join(lacking) or 'nothing'}", ""])

    def text(self) -> str:
        return json.dumps({"server": self.server, "rows": self.rows}, indent=1)
