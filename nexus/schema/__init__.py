"""The Nexus REST API's request bodies: what they may contain, which defaults we fill in, which fields are secret.

A request is named after what it creates: "repository/docker/hosted", "blobStore/file", "role", "realms". A repository's
format is spelled as in the URL: "maven", not "maven2".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from nexus import model
from nexus.schema.catalogue import Catalogue, Schema
from nexus.schema.description import one_of
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

CREATION, CHANGE = "creation", "change"
"""What a request does to an object; some properties belong to only one of them."""

REPOSITORY_TYPES = ("hosted", "proxy", "group")


def violations(request: str, body: object, *, generation: str | None = None) -> list[Violation]:
    """What in `body` a server of that version (any version, if None) would refuse or silently drop."""
    if not known(request):
        return [Violation("", request, _choices(request), "unknown request")]
    return list(Validator(generation).check("", body, {**Catalogue.load().request(request), "required": True}))


def complete(request: str, body: Mapping[str, object]) -> dict[str, object]:
    """`body` with our defaults filled in, at any depth; given values stay, including an explicit None."""
    return _completed(body, Catalogue.load().defaults(request))


def defaults(request: str) -> Mapping[str, object]:
    """What `complete` fills in."""
    return Catalogue.load().defaults(request)


def fitting(request: str, body: Mapping[str, object], verb: str = "") -> dict[str, object]:
    """`body` without keys that the API does not have and without nulls, which mean the same as a missing key.

    With a verb, CREATION or CHANGE, also without keys that only the other one has.
    """
    return _fitted(body, Catalogue.load().request(request), verb)


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
    return frozenset(_marked(Catalogue.load().request(request), ("secret",)))


@cache
def demanded_paths(request: str) -> frozenset[tuple[str, ...]]:
    """The paths in the body of a known request that some release requires or required."""
    return frozenset(_marked(Catalogue.load().request(request), ("required", "requiredUntil")))


def _marked(schema: Schema, marks: tuple[str, ...], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if any(schema.get(mark) for mark in marks):
        yield path
    for name, item in schema.get("properties", {}).items():
        yield from _marked(item, marks, (*path, name))


def _choices(request: str) -> str:
    kind, _, rest = request.partition("/")
    format_ = rest.partition("/")[0]
    if kind != "repository":
        return one_of("requests", [name for name in requests() if not name.startswith("repository/")], request)
    if format_ not in formats():
        return one_of("formats", list(formats()), format_)
    return one_of(f"{format_} types", list(types_of(format_)), rest.partition("/")[2])


def _completed(body: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """`body` with `defaults` for its missing keys; the defaults under "key?" apply only if `key` is given.

    A default like "{name}" stands for what the body has under name.
    """
    result: dict[str, Any] = model.plain(body)
    for name, default in defaults.items():
        key = name.removesuffix("?")
        if isinstance(default, Mapping):
            given = result.get(key, None if name.endswith("?") else {})
            if isinstance(given, Mapping):
                result[key] = _completed(given, default)
        elif key not in result:
            is_reference = isinstance(default, str) and default.startswith("{")
            if (filled := body.get(default.strip("{}")) if is_reference else default) is not None:
                result[key] = filled
    return result


def _fitted(body: Mapping[str, Any], schema: Schema, verb: str = "") -> dict[str, Any]:
    """The known keys of `body` that are not null; an object that becomes empty is left out."""
    properties = schema.get("properties")
    result = {}
    for key, value in body.items():
        if value is None or (properties is not None and key not in properties):
            continue
        part = properties[key] if properties is not None else {}
        if verb and part.get("only", verb) != verb:
            continue
        if isinstance(value, Mapping):
            left = _fitted(value, part, verb)
            if value and not left:
                continue
            value = left
        result[key] = value
    return result
