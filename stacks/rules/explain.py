"""Turns pydantic's errors into problems that name the stack file's keys."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from nexus import schema
from nexus.advice import key_at, secret, setting
from nexus.problem import Problem
from nexus.schema.masking import MASK
from stacks.images import NEXUS
from stacks.patterns import (
    BYTES_PATTERN,
    DOCKER_HOST_ALLOWED,
    DOCKER_HOST_PATTERN,
    EMAIL_ALLOWED,
    EMAIL_PATTERN,
    GENERATION_PATTERN,
    HOST_PATTERN,
    HOSTNAME_PATTERN,
    IMAGE_PATTERN,
    PLACE_PATTERN,
    REGISTRY_PATTERN,
    SQL_NAME_PATTERN,
    SSH_HOST_PATTERN,
)
from stacks.rules.shown import shown
from stacks.secret_names import names_secret
from stacks.topology.sections import SECTIONS
from stacks.topology.topology import Topology

_PATTERNS = {
    DOCKER_HOST_PATTERN: DOCKER_HOST_ALLOWED,
    HOSTNAME_PATTERN: "a DNS name in lower case with at least one dot, like nexus.domain.org",
    REGISTRY_PATTERN: "a DNS name in lower case, with the port unless that is 443, like nexus.domain.org:5000",
    GENERATION_PATTERN: "a release of Nexus with two numbers, like 3.90",
    HOST_PATTERN: "only a host's name or IPv4 address, like postgres.domain.org",
    SSH_HOST_PATTERN: "only a host's name or address, like build.domain.org",
    SQL_NAME_PATTERN: "letters, digits, _ and -, like nexus",
    IMAGE_PATTERN: f"an image with its tag or digest as `docker pull` takes it, like {NEXUS}",
    BYTES_PATTERN: "a whole number of at most nine digits with k, m or g, like 4g",
    EMAIL_PATTERN: EMAIL_ALLOWED,
    PLACE_PATTERN: "a folder of the docker host, like /srv/backups, or the name of a volume",
}

_MAPPING = "a mapping of keys to values"
_LIST = "a list"
_NUMBER = "a whole number"
_WORDS = {
    "missing": "a value",
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "tuple_type": _LIST,
    "frozen_set_type": _LIST,
    "string_type": "text",
    "string_unicode": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "finite_number": _NUMBER,
}


def problems(error: ValidationError, model: type[BaseModel], given: Mapping[str, Any]) -> list[Problem]:
    return of_details(error.errors(include_url=False, include_context=True), model, given)


def of_details(details: list[ErrorDetails], model: type[BaseModel], given: Mapping[str, Any]) -> list[Problem]:
    return [_problem(detail, model, given) for detail in details if not _follows(detail, details)]


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is too short only because its entries are invalid."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"] != place and other["loc"][: len(place)] == place for other in details
    )


def _problem(detail: ErrorDetails, model: type[BaseModel], given: Mapping[str, Any]) -> Problem:
    location = [str(part) for part in detail["loc"]]
    if location[:1] == ["topology"] and len(location) > 1 and location[1] in SECTIONS:
        given, location = given["topology"], location[1:]
        model = Topology
    value, path = _find(given, location)
    key = key_at(*path) or "the stack file"
    if detail["type"] == "missing":
        if names_secret(key):
            return Problem(key, "missing secret", "a secret of the stack file", secret(key))
        allowed = _choices(path) or _expected(_known_fields(model, location[:-1]).get(location[-1])) or _wanted(detail)
        return Problem(key, "missing", allowed, setting(key, "VALUE"))
    if detail["type"] == "extra_forbidden":
        names = list(_known_fields(model, location[:-1]))
        close = get_close_matches(location[-1], names, n=1)
        hint = f"rename it to {close[0]}" if close else "remove it"
        return Problem(key, "unknown key", f"the keys {', '.join(names)}", hint)
    if detail["type"] == "union_tag_invalid":
        return _unknown_mode(detail, value, key)
    if value is None and detail["input"] is not None:
        key = key_at(*path[:-1], to_camel(str(path[-1])))
        return _wrong(key, f"the default {shown(detail['input'])}", detail["input"], _wanted(detail))
    if names_secret(key_at(*(part for part in path if part not in SECTIONS))):
        return Problem(key, "invalid value", _wanted(detail), secret(key), got=MASK)
    wanted = _wanted(detail)
    # The value may be a password that was given in place of the mapping.
    whole = wanted == _MAPPING and isinstance(value, str)
    return _wrong(key, "a text" if whole else shown(value), value, wanted)


def _wrong(key: str, given: str, value: Any, wanted: str) -> Problem:
    fix = setting(key, "VALUE")
    if wanted == _LIST:
        fix = setting(f"{key}[0]", "VALUE")
    elif wanted == _MAPPING or isinstance(value, Mapping | list):
        fix = f"edit {key} in the stack file"
    return Problem(key, "invalid value", wanted, fix, got=given)


def _unknown_mode(detail: ErrorDetails, given: Any, key: str) -> Problem:
    key = f"{key}.mode"
    allowed = detail["ctx"]["expected_tags"]
    return Problem(key, "invalid value", allowed, setting(key, "MODE"), got=shown(given.get("mode")))


def _find(given: Any, location: list[str]) -> tuple[Any, list[str | int]]:
    """The value at a location and its path; pydantic adds the names of union branches, which no stack file has."""
    path: list[str | int] = []
    for part in location:
        if isinstance(given, Mapping) and part in given:
            given = given[part]
        elif isinstance(given, list) and part.isdigit() and int(part) < len(given):
            given = given[int(part)]
            path.append(int(part))
            continue
        elif part != location[-1] or not isinstance(given, Mapping):
            continue
        else:
            given = None
        path.append(part)
    return given, path


def _wanted(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    pattern = context.get("pattern")
    if pattern:
        return _PATTERNS.get(pattern, f"text that matches {pattern}")
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] == "too_short":
        return f"a list of {context['min_length']} or more"
    if detail["type"] == "string_too_long":
        return f"a text of at most {context['max_length']} characters"
    if detail["type"] == "string_too_short":
        return "a text that is not empty"
    if detail["type"] in _WORDS:
        return _WORDS[detail["type"]]
    message = detail["msg"]
    return message.removeprefix("Input should be ").removeprefix("Value error, ")


def _choices(path: Sequence[str | int]) -> str:
    """The formats or types that a repository can have; empty for other keys."""
    if path[0] != "repositories":
        return ""
    return {"format": ", ".join(schema.formats()), "type": ", ".join(schema.REPOSITORY_TYPES)}.get(str(path[-1]), "")


def _expected(field: FieldInfo | None) -> str:
    """What a field takes; empty for one that is not known."""
    if field is None:
        return ""
    limits = {name: value for each in field.metadata for name, value in _limits(each)}
    if limits.get("pattern") in _PATTERNS:
        return _PATTERNS[str(limits["pattern"])]
    annotation: Any = field.annotation
    try:
        TypeAdapter[Any](annotation).validate_python(object())
    except ValidationError as error:
        kind = _wanted(error.errors()[0])
    else:
        return ""
    least, most = limits.get("ge"), limits.get("le")
    return " ".join([kind, *([f"from {least}"] if least else []), *([f"to {most}"] if most else [])])


def _limits(metadata: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name in ("ge", "le", "pattern") if (value := getattr(metadata, name, None)) is not None]


def _known_fields(model: type[BaseModel], location: list[str]) -> dict[str, FieldInfo]:
    """The fields at a location by key; pydantic puts the branch of a union after the union's key."""
    models = [model]
    for part in location:
        models = _models_at(models, part)
    return {field.alias or name: field for model in models for name, field in model.model_fields.items()}


def _models_at(models: list[type[BaseModel]], part: str) -> list[type[BaseModel]]:
    for model in models:
        for name, field in model.model_fields.items():
            if (field.alias or name) == part:
                return _models_in(field.annotation) or models
            if get_origin(field.annotation) is Literal and part in get_args(field.annotation):
                return [model]
    return models


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
