"""The API of the published client's version, read from its code and checked by its models."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import nexus_api_client.api
from pydantic import ValidationError

_PARTS = re.compile(
    r"method='(?P<method>[A-Z]+)',\s+resource_path='(?P<path>[^']+)'",
)
_STATUS = re.compile(r"'(\d{3})': \"?([^\",\n]+)\"?,")
_BODY = re.compile(r"_body_params = (\w+)")
_MODEL = re.compile(r"\b([A-Z]\w+XO|[A-Z]\w+(?:Request|Model|Configuration|Xo|DTO|User|Status))\b")

# Null in answers until they are set; the models demand a text.
UNTIL_SET = {"IqConnectionXo": ("url",), "CrowdApiXO": ("applicationName", "applicationPassword", "url")}


@cache
def operations() -> dict[str, dict[str, str]]:
    """By operation: the types of its answers by status, and of its request body."""
    found: dict[str, dict[str, str]] = {}
    for module in pkgutil.iter_modules(nexus_api_client.api.__path__):
        for _, api in inspect.getmembers(import_module(f"nexus_api_client.api.{module.name}"), inspect.isclass):
            if api.__module__ == f"nexus_api_client.api.{module.name}":
                found |= dict(_operation(api, name) for name in vars(api) if name.endswith("_serialize"))
    return found


def _operation(api: type, serializer: str) -> tuple[str, dict[str, str]]:
    source = inspect.getsource(getattr(api, serializer))
    call = _PARTS.search(source)
    assert call, f"{api.__name__}.{serializer} has another form than the other methods"
    method = getattr(api, serializer.removeprefix("_").removesuffix("_serialize"))
    answers = _STATUS.findall(inspect.getsource(method).split("_response_types_map", 1)[1].split("}", 1)[0])
    types = {status: "" if kind == "None" else _short(kind) for status, kind in answers}
    body = _BODY.search(source.replace("_body_params: Optional[bytes] = None", ""))
    if body:
        hint = str(inspect.signature(method).parameters[body.group(1)].annotation)
        model = _MODEL.search(hint)
        types["takes"] = model.group(1) if model else "any"
    return f"{call['method']} {call['path']}", types


def _short(kind: str) -> str:
    """`List[RoleXO]` as `[RoleXO]`."""
    listed = re.fullmatch(r"List\[(.+)\]", kind)
    return f"[{listed.group(1)}]" if listed else kind


def complaint(kind: str, value: Any) -> str:
    """The error of the model of that name for a value; empty if it is valid."""
    model = getattr(nexus_api_client, kind, None)
    if model is None:
        return ""
    if not isinstance(value, dict):
        return f"is no object but {value!r:.80}"
    try:
        model.from_dict(value)
    except ValidationError as error:
        if all(_is_excused(kind, one["loc"], one["input"]) for one in error.errors()):
            return ""
        return " ".join(str(error).split())
    except ValueError as error:
        return " ".join(str(error).split())
    return ""


def unknown(kind: str, value: Any) -> list[str]:
    """The fields of a value that the model of that name does not have."""
    model = getattr(nexus_api_client, kind, None)
    if model is None or not isinstance(value, dict):
        return []
    return list(_lost(value, model.from_dict(value).to_dict()))


def _lost(given: Any, kept: Any, at: str = "") -> Iterator[str]:
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            if name in kept:
                yield from _lost(value, kept[name], f"{at}{name}.")
            elif value is not None:
                yield at + name
    elif isinstance(given, list) and isinstance(kept, list):
        for one, other in zip(given, kept, strict=True):
            yield from _lost(one, other, at)


def _is_excused(kind: str, where: tuple[int | str, ...], given: Any) -> bool:
    if kind == "ApiPrivilegeRequest" and where == ("name",):  # every server ships nx-repository-view-*-*-read
        return str(given).startswith("nx-")
    return given is None and str(where[0]) in UNTIL_SET.get(kind, ())
