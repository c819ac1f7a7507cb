"""The Nexus REST API's request bodies: what they may contain, which defaults we fill in, which fields are secret.

A request is named after what it creates: "repository/docker/hosted", "blobStore/file", "role", "realms". A repository's
format is spelled as in the URL: "maven", not "maven2".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from nexus.schema.catalogue import Catalogue, Schema
from nexus.schema.completion import completed
from nexus.schema.description import one_of
from nexus.schema.fitting import CHANGE, CREATION, fitted
from nexus.schema.masking import masked_at
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
    "shown",
    "types_of",
    "violations",
]

REPOSITORY_TYPES = ("hosted", "proxy", "group")


def violations(request: str, body: object, *, generation: str | None = None) -> list[Violation]:
    """What in `body` a server of that version (any version, if None) would refuse or silently drop."""
    if not known(request):
        return [Violation("", request, _choices(request), "unknown request")]
    return list(Validator(generation).check("", body, {**Catalogue.load().request(request), "required": True}))


def complete(request: str, body: Mapping[str, object]) -> dict[str, object]:
    """`body` with our defaults filled in, at any depth; given values stay, including an explicit None."""
    return completed(body, Catalogue.load().defaults(request))


def defaults(request: str) -> Mapping[str, object]:
    """What `complete` fills in."""
    return Catalogue.load().defaults(request)


def fitting(request: str, body: Mapping[str, object], verb: str = "") -> dict[str, object]:
    """`body` without keys that the API does not have and without nulls, which mean the same as a missing key.

    With a verb, CREATION or CHANGE, also without keys that only the other one has.
    """
    return fitted(body, Catalogue.load().request(request), verb)


def shown(request: str, path: tuple[str, ...], value: object) -> object:
    """The value at a path of the request's body, without secrets."""
    return masked_at(value, Catalogue.load().request(request) if known(request) else {}, path)


def known(request: str) -> bool:
    return request in Catalogue.load().names


def requests() -> tuple[str, ...]:
    return Catalogue.load().names


@cache
def formats() -> tuple[str, ...]:
    """The repository formats, as in the URL."""
    return tuple(sorted({name.split("/")[1] for name in requests() if name.startswith("repository/")}))


@cache
def types_of(format: str) -> tuple[str, ...]:
    return tuple(type_ for type_ in REPOSITORY_TYPES if known(f"repository/{format}/{type_}"))


@cache
def secret_paths(request: str) -> frozenset[tuple[str, ...]]:
    """The paths in the body of a known request whose values the server never shows again."""
    return frozenset(_secrets(Catalogue.load().request(request), ()))


@cache
def demanded_paths(request: str) -> frozenset[tuple[str, ...]]:
    """The paths in the body of a known request that some release requires or required."""
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
