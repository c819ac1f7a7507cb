"""Rules for what `maintenance` keeps: `keep` needs versions to count, `pins` a policy, and `offlineCopies` none."""

from collections.abc import Iterator

from nexus.problem import Problem
from stacks.maintenance import Maintenance
from stacks.rules.reference_rules import ALL, among, unknown
from stacks.topology.maintained import DOCKER_CLEANUP
from stacks.topology.topology import Topology

_WITHOUT_VERSIONS = ("raw",)


def problems(topology: Topology, maintenance: Maintenance | None) -> Iterator[Problem]:
    if maintenance is not None:
        yield from _keep(topology, maintenance)
        yield from _pins(topology, maintenance)
        yield from _offline_copies(topology, maintenance)


def _pins(topology: Topology, maintenance: Maintenance) -> Iterator[Problem]:
    for name in maintenance.pins:
        key = f"maintenance.pins.{name}"
        found = topology.repositories.get(name)
        if found is None or found.type == "group":
            stored = [each for each, repository in topology.repositories.items() if repository.type != "group"]
            yield Problem(key, "not a repository that stores anything", among(name, stored), f"edit {key}")
            continue
        for policy in found.cleanup_policies:
            if policy in topology.cleanup_policies and topology.cleanup_policies[policy].adopt is True:
                fix = f"declare {policy} with its criteria, without adopt"
                yield Problem(key, f"the criteria of {policy}, which is adopted, are not known here", "no adopt", fix)


def _offline_copies(topology: Topology, maintenance: Maintenance) -> Iterator[Problem]:
    key = "maintenance.offlineCopies"
    proxies = [name for name, each in topology.repositories.items() if each.type == "proxy"]
    yield from unknown(("maintenance", "offlineCopies"), "proxy", maintenance.offline_copies, proxies, "repositories")
    for name in (each for each in maintenance.offline_copies if each in proxies):
        policies = topology.repositories[name].cleanup_policies
        if policies:
            fix = f"remove cleanup.policyNames from {name}, or {name} from {key}"
            yield Problem(key, f"{name} has a cleanup policy, which removes content", "no policy", fix, policies[0])
        for task, declared in topology.tasks.items():
            of = (declared.declared.get("properties") or {}).get("repositoryName")
            if declared.declared.get("type") == DOCKER_CLEANUP and of in (name, ALL):
                fix = f"remove tasks.{task}, or {name} from {key}"
                yield Problem(key, f"the task {task} removes untagged images from {name}", "no such task", fix)


def _keep(topology: Topology, maintenance: Maintenance) -> Iterator[Problem]:
    hosted = [name for name, each in topology.repositories.items() if each.type == "hosted"]
    for name in maintenance.keep:
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
