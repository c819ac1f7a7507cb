"""Finds out the version of a server by asking it, and lists what differs between versions: one row for each quirk."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from nexus.errors import NexusError, NotFound, Rejected, Unauthorized, Unreachable
from nexus.http.client import NexusClient
from nexus.problem import Problem
from nexus.schema.release import is_older

Body = dict[str, Any]

OLDEST = "3.68"

# Paths and the release that introduced them, newest first; reading one needs an administrator and changes nothing.
_FIRST_IN = (
    ("3.97", "/v1/security/service-account-tokens"),
    ("3.93", "/v1/security/ip-allowlist"),
    ("3.92", "/v1/security/ssrf-protection"),
    ("3.90", "/v1/security/user-tokens/tokens"),
    ("3.88", "/v1/capabilities/types"),
    ("3.82", "/v1/capabilities"),
    ("3.77", "/v1/system/eula"),
)


@dataclass(frozen=True)
class Quirk:
    """What requests for the matching objects need on servers from one release to another, both included."""

    request: str
    since: str
    until: str
    why: str
    change: Callable[[Body], Body] | None = None
    """Turns the body into what these servers accept; None: they do not support it at all."""
    fix: str = ""
    """What the user does if they do not support it."""

    def concerns(self, request: str, release: str) -> bool:
        return (
            fnmatchcase(request, self.request)
            and not is_older(release, self.since)
            and not is_older(self.until, release)
        )


def _lower_ldap(body: Body) -> Body:
    lower = {key: body[key].lower() for key in ("protocol", "groupType") if isinstance(body.get(key), str)}
    return {**body, **lower}


def _maven_group(body: Body) -> Body:
    return {"maven": {"versionPolicy": "MIXED", "layoutPolicy": "STRICT"}, **body}


QUIRKS = (
    Quirk(
        "ldap", "3.88", "3.88", "Nexus 3.88 and 3.89.0 fail to save LDAP servers", fix="update Nexus to 3.90 or newer"
    ),
    Quirk("ldap", OLDEST, "3.93", "ldap, ldaps, static and dynamic are written in lower case", _lower_ldap),
    Quirk("repository/maven/group", "3.88", "3.88", "a maven object is required but not used", _maven_group),
)


class ServerVersion:
    """The release of a server, read once and only when something depends on it."""

    def __init__(self, client: NexusClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._found: str | None = None

    def release(self) -> str:
        """Like 3.90. The Server header is not used, since a proxy replaces it."""
        with self._lock:
            if self._found is None:
                self._found = self._by_swagger() or self._by_paths()
            return self._found

    def adapted(self, request: str, body: Any) -> Any:
        """The body in the form that this server accepts.

        Raises:
            Rejected: this server does not support it.
        """
        if not isinstance(body, Mapping):
            return body
        result = dict(body)
        for quirk in QUIRKS:
            if fnmatchcase(request, quirk.request) and quirk.concerns(request, self.release()):
                if quirk.change is None:
                    raise Rejected(Problem(request, quirk.why, fix=quirk.fix, got=f"Nexus {self.release()}"))
                result = quirk.change(result)
        return result

    def _by_swagger(self) -> str:
        try:
            document = self._client.get("/swagger.json")
        except Unreachable:
            raise
        except NexusError:
            return ""
        found = re.match(r"\d+\.\d+", str(((document or {}).get("info") or {}).get("version", "")))
        return found.group() if found else ""

    def _by_paths(self) -> str:
        return next((release for release, path in _FIRST_IN if self._answers(path)), OLDEST)

    def _answers(self, path: str) -> bool:
        try:
            self._client.get(path)
        except Unauthorized:
            return True
        except (NotFound, Rejected):
            return False
        return True
