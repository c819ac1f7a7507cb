"""Rules for cleanup policies: which repositories may use one, and which criteria each format supports."""

from collections.abc import Iterator
from typing import Any

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.rules.reference_rules import ALL, among, format_names, spelled, unknown
from stacks.topology.topology import Topology

_AGES = ("criteriaLastBlobUpdated", "criteriaLastDownloaded")
_OF_SOME_FORMATS = ("criteriaReleaseType", "criteriaAssetRegex", "retain", "sortBy")
_RELEASE_TYPED = ("maven2", "npm", "yum")


def problems(topology: Topology) -> Iterator[Problem]:
    yield from _uses(topology)
    yield from _formats(topology)
    yield from _criteria(topology)


def _uses(topology: Topology) -> Iterator[Problem]:
    for name, repository in topology.repositories.items():
        path = ("repositories", name, "cleanup", "policyNames")
        if named := repository.cleanup_policies:
            yield from unknown(path, "cleanup policy", named, topology.cleanup_policies, "cleanupPolicies")
        for policy in named:
            format_ = _format_of(topology.cleanup_policies.get(policy))
            if format_ not in (None, ALL, spelled(repository)):
                yield Problem(
                    key_at(*path),
                    f"{policy!r} is for the format {format_}",
                    f"policies of the format {spelled(repository)} or {ALL}",
                    f"remove {policy} from {name}",
                )


def _formats(topology: Topology) -> Iterator[Problem]:
    names = [ALL, *format_names()]
    for name, policy in topology.cleanup_policies.items():
        format_ = _format_of(policy)
        if format_ is not None and format_ not in names:
            key = f"cleanupPolicies.{name}.format"
            yield Problem(
                key, "unknown format", among(format_, names), f"edit {key} in the stack file", got=repr(format_)
            )


def _criteria(topology: Topology) -> Iterator[Problem]:
    """Nexus refuses unsupported criteria without saying which."""
    for name, policy in topology.cleanup_policies.items():
        format_ = _format_of(policy)
        given = [key for key in _OF_SOME_FORMATS if policy.declared.get(key) is not None]
        if format_ == ALL:
            for key in given:
                yield _unfit(name, key, "all formats", ", ".join(_AGES), "give the policy one format")
        elif format_ in format_names() and format_ not in _RELEASE_TYPED and "criteriaReleaseType" in given:
            allowed = f"criteriaReleaseType for {', '.join(_RELEASE_TYPED)}"
            yield _unfit(name, "criteriaReleaseType", f"the format {format_}", allowed, "use criteriaAssetRegex")


def _unfit(policy: str, criterion: str, which: str, allowed: str, instead: str) -> Problem:
    key = f"cleanupPolicies.{policy}.{criterion}"
    return Problem(key, f"a policy for {which} cannot have it", allowed, f"remove it, or {instead}")


def _format_of(policy: Any) -> str | None:
    format_ = policy.declared.get("format") if policy is not None else None
    return format_ if isinstance(format_, str) else None
