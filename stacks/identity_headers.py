"""The request headers from which a realm of Nexus takes the user that a proxy has authenticated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexus.problem import Problem
from stacks.topology.topology import Topology

_RUT_AUTH = "rutauth"
_HEADER = "httpHeader"
# Names that nginx accepts from a client: it ignores headers with an underscore.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_USUAL = ("X-SSO-USER", "REMOTE_USER", "Remote-User", "X-Remote-User", "X-Forwarded-User")


@dataclass(frozen=True)
class IdentityHeaders:
    """The headers that no client may send, and those that a trusted proxy may."""

    dropped: tuple[str, ...]
    given: tuple[str, ...]

    @classmethod
    def of(cls, topology: Topology) -> "IdentityHeaders":
        given = tuple(dict.fromkeys(name for _, name in _named(topology)))
        lower = {name.lower() for name in given}
        return cls(tuple(name for name in _USUAL if name.lower() not in lower), given)


def problems(topology: Topology) -> Iterator[Problem]:
    """Names that nginx would not pass on, or that would break its configuration."""
    for capability, name in _named(topology):
        if not _NAME.fullmatch(name):
            key = f"capabilities.{capability}.properties.{_HEADER}"
            allowed = "the name of a header, of letters, digits and hyphens, like X-SSO-USER"
            yield Problem(
                key, "invalid value", allowed, f"set {key} to another name, here and in the proxy", got=repr(name)
            )


def _named(topology: Topology) -> Iterator[tuple[str, str]]:
    for name, capability in topology.capabilities.items():
        properties = capability.declared.get("properties")
        if capability.declared.get("type") == _RUT_AUTH and isinstance(properties, dict):
            header = properties.get(_HEADER)
            if isinstance(header, str):
                yield name, header
