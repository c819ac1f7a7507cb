"""What a server says about itself: its requests, its release and its edition."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from nexus.errors import NexusError, Unreachable
from nexus.http.client import NexusClient
from nexus.kinds import KINDS

_SYSTEM = "/atlas/system-information"
_SCRIPTS = "nexus.scripts.allowCreation"


class ServerApi:
    """Reads the server's swagger.json and other facts once each; what the server does not say is unknown."""

    def __init__(self, client: NexusClient) -> None:
        self._client = client

    def lacks(self, request: str) -> bool:
        """Whether the server has no path under which the request, like repository/docker/hosted, could be sent."""
        operation = _operation(request)
        return operation is not None and bool(self._paths) and not self._has(*operation)

    def having(self, requests: Iterable[str]) -> list[str]:
        return [request for request in requests if not self.lacks(request)]

    @cached_property
    def title(self) -> str:
        """Like `Nexus 3.77.0-08`."""
        version = (self._document.get("info") or {}).get("version")
        return f"Nexus {version}" if version else "this Nexus"

    @cached_property
    def capability_types(self) -> frozenset[str]:
        """The types that this server, its edition and its plugins have; empty if it cannot be asked."""
        if not self._has("get", "/v1/capabilities/types"):
            return frozenset()
        found = self._get("/v1/capabilities/types")
        types = found if isinstance(found, list) else []
        return frozenset(str(each["id"]) for each in types if isinstance(each, Mapping) and each.get("id"))

    @cached_property
    def realms(self) -> frozenset[str]:
        """The realms that can be active; empty if the server cannot be asked."""
        found = self._get("/v1/security/realms/available")
        return frozenset(str(each["id"]) for each in found if "id" in each) if isinstance(found, list) else frozenset()

    @cached_property
    def takes_scripts(self) -> bool:
        """Whether the server accepts new scripts; True if it does not say. Nothing else of its answer is kept."""
        found = self._get(_SYSTEM)
        properties = found.get("nexus-properties") if isinstance(found, Mapping) else None
        return not isinstance(properties, Mapping) or str(properties.get(_SCRIPTS)).lower() == "true"

    @cached_property
    def _document(self) -> Mapping[str, Any]:
        found = self._get("/swagger.json")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def _paths(self) -> dict[tuple[str, ...], frozenset[str]]:
        paths = self._document.get("paths")
        return {_parts(path): frozenset(methods) for path, methods in paths.items()} if paths else {}

    def _has(self, method: str, path: str) -> bool:
        wanted = _parts(path)
        return any(
            method in methods and len(parts) == len(wanted) and all(map(_matches, parts, wanted))
            for parts, methods in self._paths.items()
        )

    def _get(self, path: str) -> Any:
        try:
            return self._client.get(path)
        except Unreachable:
            raise
        except (NexusError, ValueError):
            return None


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def _matches(part: str, wanted: str) -> bool:
    return part.startswith("{") or part == wanted


def _operation(request: str) -> tuple[str, str] | None:
    """Method and path; None for kinds that servers may lack, or may have at another path."""
    name, *rest = request.split("/")
    kind = KINDS.get(name)
    if kind is None or not kind.is_documented or not kind.is_compared or kind.operation is None:
        return None
    format_, type_ = rest if len(rest) > 1 else ("", rest[0] if rest else "")
    method, path = kind.operation
    return method.lower(), path.format(format=format_, type=type_, name="x", id="x")
