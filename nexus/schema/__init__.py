"""The Nexus REST API's request bodies: what they may hold, what we fill in, what in them is secret.

A request is named after what it makes: "repository/docker/hosted", "blobStore/file", "role", "realms". The format of a
repository is the one of the URL: "maven", not "maven2".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from nexus.schema.catalogue import Catalogue, Schema
from nexus.schema.completion import completed
from nexus.schema.description import one_of
from nexus.schema.fitting import CHANGE, CREATION, fitted
from nexus.schema.validator import Validator
from nexus.schema.violation import Violation

__all__ = [
    "CHANGE",
    "CREATION",
    "Violation",
    "complete",
    "defaults",
    "demanded_paths",
    "fitting",
    "formats",
    "known",
    "requests",
    "secret_paths",
    "types_of",
    "violations",
]

REPOSITORY_TYPES = ("hosted", "proxy", "group")


def violations(request: str, body: object, *, generation: str | None = None) -> list[Violation]:
    """What a server of that version (any, without one) would refuse or silently drop in `body`."""
    if not known(request):
        return [Violation("", request, _choices(request), "unknown request")]
    return list(Validator(generation).check("", body, {**Catalogue.load().request(request), "required": True}))


def complete(request: str, body: Mapping[str, object]) -> dict[str, object]:
    """`body` with our defaults filled in, at any depth; what is given stays, an explicit None included."""
    return completed(body, Catalogue.load().defaults(request))


def defaults(request: str) -> Mapping[str, object]:
    """What `complete` fills in."""
    return Catalogue.load().defaults(request)


def fitting(request: str, body: Mapping[str, object], verb: str = "") -> dict[str, object]:
    """`body` without what no request of the API holds and without nulls, which say the same as nothing.

    With a verb, CREATION or CHANGE, also without what only the other one holds.
    """
    return fitted(body, Catalogue.load().request(request), verb)


def known(request: str) -> bool:
    return request in Catalogue.load().names


def requests() -> tuple[str, ...]:
    return Catalogue.load().names


def formats() -> tuple[str, ...]:
    """The repository formats, as in the URL."""
    return tuple(sorted({name.split("/")[1] for name in requests() if name.startswith("repository/")}))


def types_of(format: str) -> tuple[str, ...]:
    return tuple(type_ for type_ in REPOSITORY_TYPES if known(f"repository/{format}/{type_}"))


@cache
def secret_paths(request: str) -> frozenset[tuple[str, ...]]:
    """Where in the body of a known request the server keeps what it never shows again."""
    return frozenset(_secrets(Catalogue.load().request(request), ()))


@cache
def demanded_paths(request: str) -> frozenset[tuple[str, ...]]:
    """What in the body of a known request some server demands, or demanded."""
    return frozenset(_demanded(Catalogue.load().request(request), ()))


def _demanded(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if schema.get("required") or schema.get("requiredUntil"):
        yield path
    for name, item in schema.get("properties", {}).items():
        yield from _demanded(item, (*path, name))


def _secrets(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if schema.get("secret"):
        yield path
    for name, item in schema.get("properties", {}).items():
        yield from _secrets(item, (*path, name))


def _choices(request: str) -> str:
    kind, _, rest = request.partition("/")
    format_ = rest.partition("/")[0]
    if kind != "repository":
        return one_of("requests", [name for name in requests() if not name.startswith("repository/")], request)
    if format_ not in formats():
        return one_of("formats", list(formats()), format_)
    return one_of(f"{format_} types", list(types_of(format_)), rest.partition("/")[2])
