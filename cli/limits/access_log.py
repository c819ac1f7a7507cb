"""Counts the requests for content in nginx's access log, which is in the container's log if nginx.accessLog is set."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

# nginx's format `combined`; with nginx.accessLog: json a line is an object with the same values. Nexus counts requests
# for content: those under /repository/, and those on the ports of docker.
_LINE = re.compile(
    r'(?P<here>answered )?(?P<client>\S+) - \S+ \[(?P<at>[^\]]+)\] "[A-Z]+ (?P<path>\S+) [^"]*" (?P<status>\d{3}) '
)
_CONTENT = re.compile(r"/+(?:repository/(?P<name>[^/?]+)|v[12](?=[/?]|$))")
_DOCKER = "docker"
_AT = "%d/%b/%Y:%H:%M:%S %z"
# nginx refused these itself, for a limit or a wrong host name: Nexus never saw them.
_UNSEEN = ("421", "429")
# components/templates/nginx/cache.conf.j2. nginx asks Nexus whether it may send a cached layer; a miss costs a second
# request.
_LAYER = re.compile(r"blob-cache (?P<cache>\S+) \d+ ")
_BLOB = re.compile(r"/v2/.+/blobs/sha256:[0-9a-f]{64}$")
_HIT = "HIT"


@dataclass
class Counted:
    """The requests for content in a log."""

    requests: int = 0
    first: datetime | None = None
    """The time of the first line; older ones were rotated away."""
    clients: Counter[str] = field(default_factory=Counter)
    repositories: Counter[str] = field(default_factory=Counter)
    unauthorized: int = 0
    """Those answered with 401; they count too."""
    answered: int = 0
    """Nexus's refusals that nginx repeated from its cache within seconds: they do not count."""

    def add(self, request: "_Request") -> None:
        content = _CONTENT.match(request.path)
        if not content or request.status in _UNSEEN:
            return
        if request.is_answered_here:
            self.answered += 1
            return
        self.requests += request.asked
        self.clients[request.client] += request.asked
        self.repositories[content["name"] or request.repository or _DOCKER] += request.asked
        self.unauthorized += request.status == "401"


@dataclass(frozen=True)
class _Request:
    at: datetime
    client: str
    path: str
    status: str
    repository: str
    """Only in a JSON log, but there for docker's requests too."""
    is_answered_here: bool = False
    asked: int = 1
    """How many requests Nexus got for it."""


def counted(lines: Iterable[str]) -> Counted:
    found = Counted()
    for line in lines:
        if layer := _LAYER.match(line):
            asked = _asked(layer["cache"])
            found.requests += asked
            found.repositories[_DOCKER] += asked
        elif request := _of_json(line) if line.startswith("{") else _combined(line):
            if found.first is None:
                found.first = request.at
            found.add(request)
    return found


def _asked(cache: str) -> int:
    return 1 if cache == _HIT else 2


def _combined(line: str) -> _Request | None:
    fields = _LINE.match(line)
    if not fields:
        return None
    at = datetime.strptime(fields["at"], _AT)
    return _Request(at, fields["client"], fields["path"], fields["status"], "", is_answered_here=bool(fields["here"]))


def _of_json(line: str) -> _Request | None:
    """A line of components/templates/nginx/access-log.conf.j2."""
    try:
        fields = json.loads(line)
        at = datetime.fromisoformat(fields["time"])
        status, cache = str(fields["status"]), str(fields.get("cache") or "")
        is_layer = bool(cache and _BLOB.search(fields["path"]) and status == "200")
        return _Request(
            at,
            fields["client"],
            fields["path"],
            status,
            fields["repository"],
            is_answered_here=cache == _HIT and not is_layer,
            asked=_asked(cache) if is_layer else 1,
        )
    except (ValueError, KeyError, TypeError):
        return None
