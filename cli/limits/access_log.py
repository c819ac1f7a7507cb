"""The requests for content in nginx's access log, which is in the container's log where nginx.accessLog says so."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

# nginx's format `combined`; with nginx.accessLog: json a line has the same under names. What Nexus counts is what asks
# for content, by path or on a port of docker's.
_LINE = re.compile(r'(?P<client>\S+) - \S+ \[(?P<at>[^\]]+)\] "[A-Z]+ (?P<path>\S+) [^"]*" (?P<status>\d{3}) ')
_CONTENT = re.compile(r"/+(?:repository/(?P<name>[^/?]+)|v[12](?=[/?]|$))")
_DOCKER = "docker"
_AT = "%d/%b/%Y:%H:%M:%S %z"
# Refused by nginx itself: Nexus never saw it.
_LIMITED = "429"


@dataclass
class Counted:
    """What a log says of the requests for content."""

    requests: int = 0
    first: datetime | None = None
    """Of all lines: what came before has been rotated away."""
    clients: Counter[str] = field(default_factory=Counter)
    repositories: Counter[str] = field(default_factory=Counter)
    unauthorized: int = 0
    """Those that got 401, which count as the others do."""


@dataclass(frozen=True)
class _Request:
    at: datetime
    client: str
    path: str
    status: str
    repository: str
    """Of docker's requests too, where the log has it."""


def counted(lines: Iterable[str]) -> Counted:
    found = Counted()
    for line in lines:
        said = _of_json(line) if line.startswith("{") else _combined(line)
        if not said:
            continue
        if found.first is None:
            found.first = said.at
        content = _CONTENT.match(said.path)
        if content and said.status != _LIMITED:
            found.requests += 1
            found.clients[said.client] += 1
            found.repositories[content["name"] or said.repository or _DOCKER] += 1
            found.unauthorized += said.status == "401"
    return found


def _combined(line: str) -> _Request | None:
    said = _LINE.match(line)
    return (
        _Request(datetime.strptime(said["at"], _AT), said["client"], said["path"], said["status"], "") if said else None
    )


def _of_json(line: str) -> _Request | None:
    """As components/templates/nginx/access-log.conf.j2 writes it."""
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["time"])
        return _Request(at, said["client"], said["path"], str(said["status"]), said["repository"])
    except (ValueError, KeyError, TypeError):
        return None
