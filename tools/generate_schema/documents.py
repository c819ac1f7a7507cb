"""Reads the servers' own OpenAPI documents: lost enums and patterns, and when a property came or went."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tools.generate_schema.schema import Properties, Schema, finished

OPENAPI_LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


@dataclass
class Document:
    """One server version's own description: OpenAPI 3 or Swagger 2."""

    version: str
    content: Any
    checksum: str = ""
    """SHA-256 of the file."""

    @classmethod
    def load(cls, path: Path) -> Document:
        text = path.read_bytes()
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=loader)
        return cls(minor(content["info"]["version"]), content, sha256(text).hexdigest())

    @classmethod
    def all_in(cls, folder: Path) -> list[Document]:
        files = (path for path in folder.iterdir() if path.suffix in (".json", ".yaml", ".yml"))
        return sorted((cls.load(path) for path in files), key=lambda document: age(document.version))

    def body(self, method: str, path: str) -> Schema | None:
        operation = self.content["paths"].get(path, {}).get(method.lower(), {})
        for parameter in operation.get("parameters", []):
            if parameter.get("in") == "body":
                return self.resolve(parameter["schema"])
        media = operation.get("requestBody", {}).get("content", {})
        return next((self.resolve(kind["schema"]) for kind in media.values() if "schema" in kind), None)

    def resolve(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            target = self.content
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        return schema

    def convert(self, name: str, schema: Schema) -> Schema:
        schema = self.resolve(schema)
        found = {key: schema[key] for key in ("type", "enum", "pattern", *OPENAPI_LIMITS) if key in schema}
        if found.get("type") == "array":
            found["items"] = self.convert(name, schema["items"])
        if found.get("type") == "object" and "additionalProperties" not in schema:
            found["additionalProperties"] = {}
        return finished(name, found, required=False)


def minor(full: str) -> str:
    """3.84.2-01 -> 3.84: properties come and go with minor versions only."""
    return ".".join(re.split(r"[.-]", full)[:2])


def age(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


@dataclass
class History:
    """When each property of a request or definition was in the documents."""

    definitions: dict[str, Properties]
    visited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seen: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def visit(self, owner: str, properties: Properties, document: Document, described: Schema) -> None:
        """Compare `properties` with an object of a document; newer documents must come first."""
        theirs = document.resolve(described).get("properties", {})
        if not theirs:
            return
        self.visited[owner].add(document.version)
        for name, described_property in theirs.items():
            self.seen[owner, name].add(document.version)
            converted = document.convert(name, described_property)
            ours = properties.setdefault(name, converted | {"until": document.version})
            fill(ours, converted)
            self.descend(ours, document, described_property)

    def descend(self, ours: Schema, document: Document, described: Schema) -> None:
        described = document.resolve(described)
        if "$ref" in ours:
            self.visit(ours["$ref"], self.definitions[ours["$ref"]], document, described)
        elif ours.get("type") == "array" and "items" in described:
            self.descend(ours["items"], document, described["items"])

    def since(self, owner: str, name: str) -> str | None:
        """First document with the property, when an older one describes its owner without it."""
        seen = self.seen[owner, name] or {minor(version("nexus-api-client"))}
        first = min(seen, key=age)
        return first if any(age(other) < age(first) for other in self.visited[owner]) else None

    def date(self, owner: str, properties: Properties) -> None:
        for name, schema in properties.items():
            if since := self.since(owner, name):
                schema["since"] = since


def fill(ours: Schema, theirs: Schema) -> None:
    """Take the constraints that the models lost on the way from the document."""
    if "items" in ours and "items" in theirs:
        fill(ours["items"], theirs["items"])
    if "enum" not in ours and "pattern" not in ours:
        ours.update({key: theirs[key] for key in ("enum", "pattern") if key in theirs})
    if ours.get("type") == theirs.get("type"):
        ours.update(
            {key: theirs[key] for key in OPENAPI_LIMITS if key in theirs and key not in ours and "enum" not in ours}
        )
