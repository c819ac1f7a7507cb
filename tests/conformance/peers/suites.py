"""The known suites, with the server that each needs and the tests that fail for a known reason."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from tests.conformance.contract.stand_in import running
from tests.conformance.peers.results import Results, parsed

_PASSWORD = "admin123"
_GO_TEST = ("go", "test", "-json", "-count=1", "-p=1", "-timeout=60m")  # tests of two packages use the same names


@dataclass(frozen=True)
class Suite:
    generation: str
    url: str
    """The variable for the server's address; the ones for user and password are next to it."""
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Tests that are skipped, since the later tests of the package would not run after them."""

    def run(self, sources: Path, program: Path, work: Path, pattern: str) -> Results:
        with (
            mock.patch.dict(os.environ, NEXUS_SECURITY_INITIAL_PASSWORD=_PASSWORD),
            running(program, work, self.generation, *self.options) as server,
        ):
            environment = os.environ | dict(self.variables) | self._login(server.url)
            command = [*_GO_TEST, *self._chosen(pattern), "./..."]
            done = subprocess.run(command, cwd=sources, env=environment, stdout=subprocess.PIPE, text=True)
        return parsed(done.stdout)

    def _chosen(self, pattern: str) -> list[str]:
        skipped = [f"-skip=^({'|'.join(self.left_out)})$"] if self.left_out else []
        return skipped + ([f"-run={pattern}"] if pattern else [])

    def _login(self, url: str) -> dict[str, str]:
        prefix = self.url.removesuffix("URL")
        return {self.url: url, f"{prefix}USERNAME": "admin", f"{prefix}PASSWORD": _PASSWORD}


def _suite(known: Mapping[str, Any]) -> Suite:
    return Suite(**{**known, "options": tuple(known.get("options", ()))})


SUITES: dict[str, Suite] = {
    module: _suite(known)
    for module, known in yaml.safe_load(Path(__file__).with_name("suites.yaml").read_text()).items()
}


def suite_of(folder: Path) -> Suite:
    """The suite of a checkout, by the module in its go.mod."""
    file = folder / "go.mod"
    module = re.search(r"^module (\S+)", file.read_text(), re.MULTILINE) if file.is_file() else None
    if module is None or module[1] not in SUITES:
        got = module[1] if module else "no go.mod"
        raise ValueError(f"{folder}: not a known suite (got {got}; allowed the sources of {', '.join(sorted(SUITES))})")
    return SUITES[module[1]]
