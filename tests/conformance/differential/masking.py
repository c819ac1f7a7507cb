"""Makes a recording of a real answer, with placeholders for values that vary between servers or runs."""

import re
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)")
# Text for people only: pages, messages of the database, and positions of errors in expressions.
_IN_OTHER_WORDS = (
    re.compile(r"\s*<!DOCTYPE html>"),
    re.compile(r"(?s).*?; SQL statement:"),
    re.compile(r"Invalid CSEL: "),
    re.compile(r"ERROR: \(ID [^)]*\) Failed to execute phase \[query\], all shards failed"),  # of the search index
)
_CENTRAL = re.compile(r"https://[\w.-]+/maven2/$")  # the remote of the shipped proxy differs
_NUMBERS = {"availableSpaceInBytes": "{bytes}", "totalSizeInBytes": "{bytes}", "blobCount": "{int}"}
_IDS = re.compile(r"/v1/(components|assets|search|tasks)")
GENERATED = re.compile(r"maven-metadata\.xml|/dists/")
ABSENT = ("accept-ranges", "x-content-type-options")  # recorded as null if the real server leaves them out
# Headers that matter to clients.
HEADERS = (
    "etag",
    "location",
    "www-authenticate",
    "allow",
    "content-disposition",
    "last-modified",
    "content-range",
    *ABSENT,
)


class Masking:
    """The values of one sequence, which fill the placeholders of later requests."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.known: dict[str, str] = {}  # placeholder -> value

    def answer(self, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        kept: dict[str, str | None] = {
            name: self._header(path, name, answer["headers"][name]) for name in HEADERS if name in answer["headers"]
        }
        kept |= dict.fromkeys((name for name in ABSENT if name not in answer["headers"]), None)
        return {
            "status": answer["status"],
            "content_type": answer["content_type"],
            "headers": kept,
            "body": self._value(answer["body"], path, ""),
        }

    def filled(self, value: Any) -> Any:
        """Fills a request with the values of this server."""
        if isinstance(value, dict):
            return {name: self.filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        return re.sub(r"\{(?:id|token)\d+\}", lambda found: self.known.get(found[0], found[0]), value)

    def _header(self, path: str, name: str, value: str) -> str:
        if name == "last-modified":
            return "{httpdate}"
        if name == "etag" and GENERATED.search(path):
            return "{truncated}"
        return value.replace(self._base, "{base}")

    def _value(self, value: Any, path: str, name: str) -> Any:
        if isinstance(value, dict):
            refused = value.keys() == {"id", "message"}  # the id is the name of a field
            return {key: self._value(inner, path, "" if refused else key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner, path, name) for inner in value]
        if name in _NUMBERS and isinstance(value, int):
            return _NUMBERS[name]
        if not isinstance(value, str):
            return value
        for words in _IN_OTHER_WORDS:
            if found := words.match(value):
                value = found[0] + "{truncated}"
        if name in ("id", "continuationToken") and _IDS.search(path):
            return self._numbered("id" if name == "id" else "token", value)
        value = _CENTRAL.sub("{mavenCentral}", value.replace(self._base, "{base}"))
        return _TIMESTAMP.sub("{timestamp}", _UUID.sub(lambda found: self._numbered("uuid", found[0]), value))

    def _numbered(self, kind: str, value: str) -> str:
        for placeholder, known in self.known.items():
            if known == value and placeholder.startswith("{" + kind):
                return placeholder
        placeholder = f"{{{kind}{1 + sum(one.startswith('{' + kind) for one in self.known)}}}"
        self.known[placeholder] = value
        return placeholder
