"""The two documents: what a stack file may contain, and what the topology beside it may."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stacks import shared_topology
from stacks.stack_file import NAMESPACE
from stacks.topology.sections import SECTIONS
from tools.stack_schemas.docs import descriptions
from tools.stack_schemas.repeated import Repeated
from tools.stack_schemas.sections import section
from tools.stack_schemas.settings import SECURE, parts_of, sealed, settings

STACK_FILE, TOPOLOGY = "stack-file.schema.json", shared_topology.SCHEMA
_DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest one that editors support in all its parts."""

Schema = dict[str, Any]


def rendered(name: str) -> str:
    """The text of one of the two documents."""
    document = _topology() if name == TOPOLOGY else _stack_file()
    return "{\n" + ",\n".join(_lines(document)) + "\n}\n"


def _topology() -> Schema:
    parts = settings()["$defs"]
    document = {
        "$schema": _DRAFT,
        "title": "The topology that stacks share (docs/topology.md)",
        "type": "object",
        "properties": _sections(parts),
        "additionalProperties": False,
    }
    return _with_definitions(document, parts)


def _stack_file() -> Schema:
    whole = settings()
    parts = whole["$defs"]
    keys = {**whole["properties"], "topology": {**_described("topology"), "type": "string"}, **_sections(parts)}
    config = {
        "type": "object",
        "properties": {f"{NAMESPACE}{key}": value for key, value in keys.items()},
        "patternProperties": {f"^{NAMESPACE}(?!({'|'.join(keys)})$)": False},
    }
    document = {
        "$schema": _DRAFT,
        "title": "A stack file (docs/settings.md)",
        "type": "object",
        "properties": {"config": sealed(config)},
    }
    return _with_definitions(document, {**sealed(parts), "secure": SECURE})


def _sections(parts: Mapping[str, Any]) -> Schema:
    topology = parts["Topology"]["properties"]
    return {name: {**section(name, _entry_of(topology[name], parts)), **_described(name)} for name in SECTIONS}


def _entry_of(declared: Schema, parts: Mapping[str, Any]) -> Any:
    """The part that describes an object of a section, or a setting."""
    return parts[parts_of(declared)[0]]


def _described(key: str) -> dict[str, str]:
    return {"description": descriptions()[key]}


def _with_definitions(document: Schema, parts: Mapping[str, Any]) -> Schema:
    """The document with the parts that it needs, and with each large schema that it repeats as one definition."""
    found = {**document, "definitions": {name: parts[name] for name in sorted(_needed(document, parts))}}
    return Repeated(json.loads(json.dumps(found).replace("#/$defs/", "#/definitions/"))).hoisted()


def _needed(schema: Any, parts: Mapping[str, Any]) -> set[str]:
    """The names of the parts that a schema refers to, directly or not."""
    names: set[str] = set()
    waiting = [schema]
    while waiting:
        new = set(parts_of(waiting.pop())) - names
        names |= new
        waiting += [parts[name] for name in new]
    return names


def _lines(document: Schema) -> Iterator[str]:
    """A line for each definition, so that a difference shows what has changed."""
    for key, value in document.items():
        if not isinstance(value, Mapping):
            yield f"{json.dumps(key)}: {json.dumps(value)}"
            continue
        lines = [f" {json.dumps(name)}: {json.dumps(each, ensure_ascii=False)}" for name, each in value.items()]
        inner = ",\n".join(lines)
        yield f"{json.dumps(key)}: {{\n{inner}\n}}"
