"""Assembles requests.json from models and documents."""

from __future__ import annotations

import json
import re
from collections import Counter
from importlib.metadata import version
from typing import Any

from tools.generate_schema.documents import Document, History, age, minor
from tools.generate_schema.operations import REPOSITORY_TYPES, Operation, operations
from tools.generate_schema.published_models import Models, body_types
from tools.generate_schema.schema import Properties, Schema


def repository_base(requests: dict[str, Schema], type_: str) -> Properties:
    """Take the properties that the repositories of a type share out of their requests."""
    repositories = [request for name, request in requests.items() if re.fullmatch(rf"repository/\w+/{type_}", name)]
    base: Properties = {}
    for name in sorted({name for repository in repositories for name in repository["properties"]}):
        having = [repository for repository in repositories if name in repository["properties"]]
        gone = [repository for repository in having if "until" in repository["properties"][name]]
        if len(having) == len(repositories) or len(gone) > len(repositories) / 2:
            base[name] = take_common(name, gone or having)
    return base


def take_common(name: str, repositories: list[Schema]) -> Schema:
    """The property as most of the repositories have it; dated by the formats that are old enough."""
    spellings = Counter(
        json.dumps(undated(repository["properties"][name]), sort_keys=True) for repository in repositories
    )
    common: Schema = json.loads(spellings.most_common(1)[0][0])
    sharing = [r for r in repositories if "until" in common or undated(r["properties"][name]) == common]
    taken = [(repository, repository["properties"].pop(name)) for repository in sharing]
    dates = [schema.get("since") for repository, schema in taken if "since" not in repository]
    if dates and all(dates):
        common["since"] = min(dates, key=age)
    if "until" in common:
        common["until"] = max((schema["until"] for _, schema in taken), key=age)
    return common


def undated(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "since"}


def used_definitions(requests: dict[str, Schema], definitions: dict[str, Properties]) -> dict[str, Properties]:
    used: dict[str, Properties] = {}
    waiting = re.findall(r'"\$ref": "(\w+)"', json.dumps(requests))
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = definitions[name]
            waiting += re.findall(r'"\$ref": "(\w+)"', json.dumps(definitions[name]))
    return used


def render(value: Any, depth: int = 0) -> str:
    """JSON with one property a line."""
    if isinstance(value, dict) and value and not isinstance(value.get("type"), str) and holds_objects(value):
        pad = " " * (depth + 1)
        lines = ",\n".join(f"{pad}{json.dumps(key)}: {render(value[key], depth + 1)}" for key in sorted(value))
        return "{\n" + lines + "\n" + " " * depth + "}"
    return json.dumps(value, sort_keys=True)


def holds_objects(value: Schema) -> bool:
    return any(isinstance(item, dict) for item in value.values())


def generate(documents: list[Document]) -> Schema:
    bodies = body_types()
    named = operations(bodies)
    models = Models()
    requests = {name: request_schema(models, bodies[operation]) for name, operation in named.items()}
    add_history(requests, models.definitions, named, documents)
    bases = {type_: repository_base(requests, type_) for type_ in REPOSITORY_TYPES}
    return {
        "source": f"nexus-api-client {version('nexus-api-client')}",
        "documents": {document.version: document.checksum for document in documents},
        "definitions": bases | used_definitions(requests | bases, models.definitions),
        "requests": {name: extending(name, request) for name, request in requests.items()},
    }


def add_history(
    requests: dict[str, Schema],
    definitions: dict[str, Properties],
    named: dict[str, Operation],
    documents: list[Document],
) -> None:
    history = History(definitions)
    for document in sorted(documents, key=lambda item: age(item.version), reverse=True):
        for name, request in requests.items():
            described = document.body(*named[name])
            if described and "properties" in request:
                history.visit(name, request["properties"], document, described)
    for name, definition in definitions.items():
        history.date(name, definition)
    for name, request in requests.items():
        history.date(name, request.get("properties", {}))
        request |= request_since(named[name], documents)


def extending(name: str, request: Schema) -> Schema:
    """A repository's request with only what it adds to the base of its type."""
    if not name.startswith("repository/"):
        return request
    own = {key: value for key, value in request.items() if value}
    return own | {"extends": name.rpartition("/")[2]}


def request_schema(models: Models, annotation: Any) -> Schema:
    schema = models.schema(annotation)
    schema.pop("nullable", None)
    if "$ref" in schema:
        return {"properties": models.definitions[schema["$ref"]]}
    return schema


def request_since(operation: Operation, documents: list[Document]) -> Schema:
    """The first document with the operation, unless it is the oldest one."""
    releases = sorted((document.version for document in documents), key=age)
    having = [d.version for d in documents if d.body(*operation) is not None]
    first = min([*having, minor(version("nexus-api-client"))], key=age)
    return {"since": first} if releases and first != releases[0] else {}
