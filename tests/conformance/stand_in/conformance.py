"""Checks requests and answers against the published API of the server's generation."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests

from nexus.http.transport import AGENT
from tests.conformance.stand_in import published_api, refusing
from tests.conformance.stand_in.exchange import Exchange, seen
from tests.conformance.stand_in.facts import load
from tests.conformance.stand_in.not_played import UNDOCUMENTED, lines
from tests.support.versions import NEWEST

PLAIN: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "map": lambda value: isinstance(value, dict),
    "any": lambda _: True,
}
# Known deviations of servers from their own documents: in recordings of 3.77, and in required requests.
DEPARTURES = {
    "writePolicy": "upper case, which the document does not have; what the request had comes back",
    "aptSigning": "null when the key was sent without a passphrase",
    "flat": "null in an apt repository that was changed through another format",
    "authPassword": "demanded by documents before 3.94, even of LDAP servers that are read without a login",
    "protocol": "in capitals, which documents before 3.94 do not have, and other clients read from older servers",
    "groupType": "the same",
    "userAgent": "null while nobody set it",
    "httpProxy": "null while nobody set it",
    "httpsProxy": "null while nobody set it",
}
# Fields that are sent to servers of every generation, without finding out which one it is.
OF_OTHER_GENERATIONS = {"routingRule": "read up to 3.93", "routingRuleName": "read from 3.94 on"}
# Operations of the stand-in at 3.77 that are not in the document, which is the core's and omits the old names.
BEYOND = {"3.77": re.compile(r"/v1/(repositories/[a-z0-9]+/(hosted|proxy|group)|http|security/ldap)|/beta/")}

# Operations of the real server that are not in its document.
NOT_IMPLEMENTED = 501  # the stand-in's own answer to what it does not play
UNPUBLISHED = re.compile("|".join(re.escape(line).replace(r"\{\}", "[^/]+") for line in lines(UNDOCUMENTED)))


class Api:
    """The published API of one generation."""

    def __init__(self, generation: str) -> None:
        self._definitions: dict[str, dict[str, str]] | None = None
        if generation == NEWEST:
            operations = published_api.operations()
        else:
            facts = load(generation)
            operations, self._definitions = facts["operations"], facts["definitions"]
        self._operations: list[Any] = [(*name.split(" ", 1), types) for name, types in operations.items()]

    def operation(self, method: str, path: str) -> dict[str, str] | None:
        """The types of the operation that matches a path; of several, of the one with the fewest placeholders."""
        fitting = [
            (template.count("{"), index, types)
            for index, (verb, template, types) in enumerate(self._operations)
            if verb == method and re.fullmatch(re.sub(r"\\{.*?\\}", "[^/]+", re.escape(template)), path)
        ]
        return min(fitting)[2] if fitting else None

    def complaints(self, kind: str, value: Any) -> list[str]:
        """The mismatches between a value and its type."""
        if kind.startswith("["):
            if not isinstance(value, list):
                return [f"is no list but {value!r:.80}"]
            return [f"[{at}] {found}" for at, one in enumerate(value) for found in self.complaints(kind[1:-1], one)]
        if self._definitions is None:
            found = published_api.complaint(kind, value)
            return [found] if found else []
        return self._of_definition(kind, value)

    def refusals(self, kind: str, value: Any, *, strict: bool = False) -> list[str]:
        """The mismatches between a request and the type of its body.

        Both the document and the server accept unknown fields; with `strict` they are reported too.
        """
        if not kind:
            return ["has a body, and the operation takes none"]
        found = self.complaints(kind, value)
        return (
            found if found or not strict else [f"has {name}, which is not known" for name in self.unknown(kind, value)]
        )

    def unknown(self, kind: str, value: Any) -> list[str]:
        """The fields of a request that its type does not have, except those for other generations."""
        published = self._definitions is None
        names = published_api.unknown(kind, value) if published else list(self._beyond(kind, value))
        return [name for name in names if name not in OF_OTHER_GENERATIONS]

    def _beyond(self, kind: str, value: Any, at: str = "") -> Iterator[str]:
        assert self._definitions is not None
        if kind.startswith("[") and isinstance(value, list):
            for one in value:
                yield from self._beyond(kind[1:-1], one, at)
        if kind not in self._definitions or not isinstance(value, dict):
            return
        fields = self._definitions[kind]
        for name, part in value.items():
            if name in fields:
                yield from self._beyond(fields[name].rstrip("*"), part, f"{at}{name}.")
            elif part is not None:
                yield at + name

    def _of_definition(self, kind: str, value: Any) -> list[str]:
        assert self._definitions is not None
        if kind in self._definitions:
            if not isinstance(value, dict):
                return [f"is no object but {value!r:.80}"]
            return [
                found
                for name, of in self._definitions[kind].items()
                for found in self._of_field(name, of, value.get(name))
            ]
        fits = PLAIN[kind](value) if kind in PLAIN else value in kind.split("|")
        return [] if fits else [f"{value!r:.80} is not {kind}"]

    def _of_field(self, name: str, kind: str, value: Any) -> list[str]:
        if name in DEPARTURES:
            return []
        if value is None:
            return [f"{name} is missing"] if kind.endswith("*") else []
        return [f"{name}: {found}" for found in self.complaints(kind.rstrip("*"), value)]


@cache
def api(generation: str) -> Api:
    return Api(generation)


def complaints(generation: str, exchange: Exchange) -> list[str]:
    """The problems of a request and its answer; empty if there are none, or if it does not belong to the API."""
    if not exchange.path or 300 <= exchange.status < 400 or exchange.status == NOT_IMPLEMENTED:
        return []
    published = api(generation)
    types = published.operation("GET" if exchange.method == "HEAD" else exchange.method, exchange.path)
    if not exchange.accepted:
        return [f"{exchange.place}: {one}" for one in refusing.complaints(exchange, types)]
    if UNPUBLISHED.fullmatch(f"{exchange.method} {exchange.path}"):
        return []
    if types is None:
        if generation in BEYOND and BEYOND[generation].match(exchange.path):
            return []
        return [f"{exchange.place}: there is no such operation in {generation}"]
    found = []
    accepted = [status for status in types if status.startswith("2")]
    # Documents have an empty 200 for the server's 204.
    if accepted and str(exchange.status) not in (*accepted, *("204" for _ in accepted if types.get("200") == "")):
        found.append(f"status is not one of {', '.join(accepted)}")
    if exchange.request is not None:
        is_ours = exchange.client == AGENT
        refusals = published.refusals(types.get("takes", ""), exchange.request, strict=is_ours)
        found += [f"request {one}" for one in refusals]
    kind = types.get(str(exchange.status), types.get("default", ""))
    if kind and exchange.answer is not None:
        found += [f"answer {one}" for one in published.complaints(kind, exchange.answer)]
    return [f"{exchange.place}: {one}" for one in found]


@contextmanager
def watching(observers: list[Callable[[requests.Response], object]], generations: dict[str, str]) -> Iterator[None]:
    """Checks every answer of the servers inside the block, and fails at its end if one does not conform."""
    found: list[str] = []

    def observe(response: requests.Response) -> None:
        generation = generations.get(urlsplit(response.request.url or "").netloc)
        if generation:
            found.extend(complaints(generation, seen(response)))

    observers.append(observe)
    try:
        yield
    finally:
        observers.remove(observe)
    assert not found, "does not conform to the published API:\n" + "\n".join(dict.fromkeys(found))
