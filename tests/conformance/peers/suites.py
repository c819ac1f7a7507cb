"""The known suites, with the servers that each is run on and the tests that fail for a known reason."""

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
from tests.conformance.peers.results import PASS, Results, listed, parsed

_PASSWORD = "admin123"
_GO_TEST = ("go", "test", "-json", "-count=1", "-p=1", "-timeout=60m")  # tests of two packages use the same names


@dataclass(frozen=True)
class Suite:
    module: str
    generations: tuple[str, ...]
    url: str
    """The variable for the server's address; the ones for user and password are next to it."""
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    """Why a test fails, by `PACKAGE.TEST`; with releases of the server, only on these."""
    unproven: Mapping[str, str] = field(default_factory=dict)
    """Tests that pass although what they are about is not there, by a regular expression for their names."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Tests that are skipped, since the later tests of the package would not run after them."""

    def run(self, sources: Path, program: Path, work: Path, generation: str, pattern: str) -> Results:
        """The results against a stand-in of that generation."""
        with (
            mock.patch.dict(os.environ, NEXUS_SECURITY_INITIAL_PASSWORD=_PASSWORD),
            running(program, work, generation, *self.options) as server,
        ):
            environment = os.environ | dict(self.variables) | self._login(server.url)
            known = self._go(sources, environment, f"-list={pattern or '.'}")
            chosen = [f"-run={pattern}"] if pattern else []
            printed = self._go(sources, environment, *self._skipped(), *chosen)
        return parsed(printed, self.module, listed(known, self.module))

    def failing(self, generation: str) -> dict[str, str]:
        """Why tests fail on a release of the server."""
        reasons = {
            test: reason.get(generation, "") if isinstance(reason, Mapping) else reason
            for test, reason in self.expected.items()
        }
        return {test: reason for test, reason in reasons.items() if reason}

    def without_proof(self, results: Results) -> list[str]:
        """The tests that pass and show nothing."""
        return [test for test in results.having(PASS) if any(re.search(pattern, test) for pattern in self.unproven)]

    def _go(self, sources: Path, environment: Mapping[str, str], *arguments: str) -> str:
        command = [*_GO_TEST, *arguments, "./..."]
        return subprocess.run(command, cwd=sources, env=dict(environment), stdout=subprocess.PIPE, text=True).stdout

    def _skipped(self) -> list[str]:
        names = [test.rpartition(".")[2] for test in self.left_out]
        return [f"-skip=^({'|'.join(names)})$"] if names else []

    def _login(self, url: str) -> dict[str, str]:
        prefix = self.url.removesuffix("URL")
        return {self.url: url, f"{prefix}USERNAME": "admin", f"{prefix}PASSWORD": _PASSWORD}


def _suite(module: str, known: Mapping[str, Any]) -> Suite:
    lists = {key: tuple(known.get(key, ())) for key in ("generations", "options")}
    return Suite(**{"module": module, **known, **lists})


SUITES: dict[str, Suite] = {
    module: _suite(module, known)
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
