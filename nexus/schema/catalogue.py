"""The schema files, with references resolved and corrections applied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from nexus.schema.merging import merged

Schema = Mapping[str, Any]


class Catalogue:
    """Every request of the API as one nested schema, in JSON Schema's words plus required, secret, since and until."""

    def __init__(self, published: Schema, corrections: Schema, defaults: Schema) -> None:
        self._published = published
        self._corrections = corrections
        self._filled_in = defaults
        self.names = tuple(sorted(published["requests"]))
        self.request = lru_cache(maxsize=None)(self._request)
        self.defaults = lru_cache(maxsize=None)(self._defaults)

    @classmethod
    @cache
    def load(cls) -> Catalogue:
        folder = Path(__file__).parent
        names = ("requests.json", "corrections.json", "defaults.json")
        return cls(*(json.loads((folder / name).read_text(encoding="utf-8")) for name in names))

    @property
    def pattern_texts(self) -> Mapping[str, str]:
        texts: Mapping[str, str] = self._corrections["pattern texts"]
        return texts

    def _defaults(self, name: str) -> Schema:
        """Every entry whose key matches, merged; later entries win."""
        found: dict[str, Any] = {}
        for entry in self._matching(self._filled_in, name):
            found = merged(found, entry)
        return found

    def _request(self, name: str) -> Schema:
        published = self._published["requests"][name]
        releases = self._corrections["first release"].items()
        first = [release for release, globs in releases if any(fnmatchcase(name, glob) for glob in globs)]
        dated = {"since": first[0]} if first else {key: published[key] for key in ("since",) if key in published}
        if "type" in published:
            return {**published, **self._corrections["lists"].get(name, {})}
        properties = published.get("properties", {})
        if "extends" in published:
            properties = {**self._definition(published["extends"]), **properties}
        for correction in self._matching(self._corrections["requests"], name):
            properties = merged(properties, correction)
        return {**self._object(name, properties), **dated}

    def _definition(self, name: str) -> dict[str, Any]:
        return merged(self._published["definitions"][name], self._corrections["definitions"].get(name, {}))

    def _object(self, owner: str, properties: Schema) -> dict[str, Any]:
        conditions = [c for found in self._matching(self._corrections["conditions"], owner) for c in found]
        expanded = {name: self._expand(schema) for name, schema in sorted(properties.items())}
        return {"type": "object", "properties": expanded, "conditions": conditions}

    def _expand(self, schema: Schema) -> dict[str, Any]:
        expanded = dict(schema)
        if "$ref" in expanded:
            name = expanded.pop("$ref")
            expanded |= self._object(name, self._definition(name))
        if "items" in expanded:
            expanded["items"] = self._expand(expanded["items"])
        return expanded

    @staticmethod
    def _matching(entries: Schema, name: str) -> Iterator[Any]:
        return (entry for glob, entry in entries.items() if fnmatchcase(name, glob))
