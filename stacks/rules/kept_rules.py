"""Rules for `maintenance.keep`: it applies to repositories that have versions to count."""

from collections.abc import Iterator

from nexus.problem import Problem
from stacks.maintenance import Maintenance
from stacks.rules.reference_rules import among
from stacks.topology.topology import Topology

_WITHOUT_VERSIONS = ("raw",)


def problems(topology: Topology, maintenance: Maintenance | None) -> Iterator[Problem]:
    hosted = [name for name, each in topology.repositories.items() if each.type == "hosted"]
    for name in maintenance.keep if maintenance else ():
        key = f"maintenance.keep.{name}"
        repository = topology.repositories.get(name)
        if repository is None or repository.type != "hosted":
            fix = f"edit {key} in the stack file; a proxy is cleaned up by cleanup.policyNames"
            yield Problem(key, "not a hosted repository", among(name, hosted), fix)
        elif repository.version_policy in ("SNAPSHOT", "MIXED"):
            yield Problem(
                key, "it holds Maven snapshots, and each of their builds is a version", "a repository of releases",
                "use maintenance.keepSnapshots",
            )  # fmt: skip
        elif repository.format in _WITHOUT_VERSIONS:
            fix = f"give {name} a cleanup policy in cleanup.policyNames"
            yield Problem(key, f"a {repository.format} repository has files without versions", "another format", fix)
