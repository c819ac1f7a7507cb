"""Schemas that a document repeats, as one definition each: the formats of repositories share most of their settings."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

_LARGE = 150
"""Characters of JSON."""


class Repeated:
    """A document whose repeated schemas are hoisted into its `definitions`."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._times = Counter(json.dumps(each) for each in _schemas(document))
        self._names: dict[str, str] = {}
        self._definitions: dict[str, Any] = dict(document["definitions"])

    def hoisted(self) -> dict[str, Any]:
        definitions = {name: self._replaced(each, name) for name, each in self._document["definitions"].items()}
        found = {key: self._replaced(each, key) for key, each in self._document.items() if key != "definitions"}
        return {**found, "definitions": {**self._definitions, **definitions}}

    def _replaced(self, value: Any, name: str) -> Any:
        """The value with references; the name is that of the key that holds it."""
        if isinstance(value, list):
            return [self._replaced(each, name) for each in value]
        if not isinstance(value, dict):
            return value
        text = json.dumps(value)
        if self._times[text] < 2 or len(text) < _LARGE:
            return {key: self._replaced(each, key) for key, each in value.items()}
        if text not in self._names:
            self._names[text] = self._free(name)
            self._definitions[self._names[text]] = {key: self._replaced(each, key) for key, each in value.items()}
        return {"$ref": f"#/definitions/{self._names[text]}"}

    def _free(self, name: str) -> str:
        taken = (f"{name}{number or ''}" for number in range(len(self._definitions) + 1))
        return next(each for each in taken if each not in self._definitions and each not in self._names.values())


def _schemas(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("type"), str | list):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _schemas(each)
