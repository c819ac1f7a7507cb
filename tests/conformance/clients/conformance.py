"""The CNCF's conformance suite for OCI registries."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from tests.conformance.clients.world import World, oci_clients
from tests.e2e.store.store import Failed, outcome


@dataclass(frozen=True)
class Case:
    """The result of a case: passed, skipped, failure or error, and why."""

    verdict: str
    reason: str = ""

    @property
    def failed(self) -> bool:
        return self.verdict in ("failure", "error")


@dataclass(frozen=True)
class Report:
    cases: dict[str, Case]

    def count(self, verdict: str) -> int:
        return [case.verdict for case in self.cases.values()].count(verdict)

    @property
    def failures(self) -> dict[str, Case]:
        return {name: case for name, case in self.cases.items() if case.failed}

    def failures_beside(self, other: "Report") -> list[str]:
        """Cases that fail here but not in the other report, nor for the same reason in another group of it.

        The suite pushes in random order, so that either of two pushes of the same manifest can fail.
        """
        known = {(_step(name), case.reason) for name, case in other.failures.items()}
        return [
            f"{name}: {case.reason}"
            for name, case in self.failures.items()
            if name not in other.failures and (_step(name), case.reason) not in known
        ]

    def __str__(self) -> str:
        return f"{self.count('passed')} passed, {len(self.failures)} failed, {self.count('skipped')} skipped"


def _step(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _reason(case: ElementTree.Element) -> str:
    """The suite's message without the digests of this run."""
    return re.sub(r"sha(256|512)[:-][0-9a-f]+", "DIGEST", case.findtext("system-out") or "")


def conformance(world: World, registry: str, repository: str, *, tls: bool) -> Report:
    """Runs the suite on repositories with a prefix, as the administrator since it deletes."""
    results = world.folder / repository.replace("/", "-")
    user, password = world.store.admin
    environment = {
        "SSL_CERT_FILE": str(world.store.ca),
        "OCI_REGISTRY": registry,
        "OCI_TLS": "enabled" if tls else "disabled",
        "OCI_REPO1": f"{repository}-1",
        "OCI_REPO2": f"{repository}-2",
        "OCI_USERNAME": user,
        "OCI_PASSWORD": password,
        "OCI_RESULTS_DIR": str(results),
    }
    output = outcome([f"{oci_clients()}/conformance"], cwd=world.folder, **environment)[1]
    report = results / "junit.xml"
    if not report.exists():
        raise Failed(output)
    cases = ElementTree.parse(report).iter("testcase")
    return Report({case.get("name", ""): Case(case.get("status", ""), _reason(case)) for case in cases})
