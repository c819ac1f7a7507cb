"""python -m tests.unit.policy.declaring <CONFIG: prints what the program finds itself, at production's levels."""

import json
import sys

from policy import program
from policy.levels_of import file_of, mandatory
from tests.unit.program.registering import registered


class _Shown(program.Noted):
    def refuse_violations(self) -> None:
        found = program.violations(self.declared, mandatory(file_of("production", is_own=False)))
        print("\n".join(f"{name} {message}" for name, message in found), flush=True)


if __name__ == "__main__":
    program.Noted = _Shown  # type: ignore[misc]
    registered(json.load(sys.stdin))
