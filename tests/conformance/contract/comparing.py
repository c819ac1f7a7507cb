"""Compares answers. Every tolerance is listed with its reason."""

import json
import re
from typing import Any

FORMS = {
    "uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "id": r"[^\s\"]+?",
    "token": r"[^\s\"]+?",
    "timestamp": r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)",
    "httpdate": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
    "date": r"\d{4}-\d\d-\d\d",
    "size": r"[0-9.]+ [KMGTPE]?B",
    "nodeId": r".+",
    "mavenCentral": r"https://\S+?/",
    "data": r"/[^'\"\s]*?",
    "epochms": r"\d+",
    "int": r"\d+",
    "bytes": r"\d+",
}
PLACEHOLDER = re.compile(r"\{(?:(uuid|id|token)(\d+)|(base|" + "|".join(FORMS) + r"))\}")
NUMBERS = ("{epochms}", "{int}", "{bytes}")

# Lists whose order varies on the real server, which has them as hash sets or fills them by threads.
UNORDERED_PATHS = ("/security/users", "/repositorySettings", "/v1/tasks")
# Files that contain the time, so that their checksums differ.
GENERATED = re.compile(r"maven-metadata\.xml(\.\w+)?$|/dists/[^/]+/(In)?Release(\.gpg)?$")
COMPRESSED = re.compile(r"/dists/.*/Packages\.(gz|bz2)$")  # by another library
# The names of Java classes are not part of the interface.
JAVA_CLASS = re.compile(r"`[\w.$<>\[\], ]+`")


class Difference(Exception):
    """The place where two answers differ."""


class Comparison:
    """Compares the answers of one scenario and learns the values of its placeholders."""

    def __init__(self, base: str, data: str) -> None:
        self.known = {"base": base, "data": data}

    def filled(self, value: Any, owner: str = "") -> Any:
        """Replaces the known placeholders in a recorded value."""
        if isinstance(value, dict):
            return {name: self.filled(inner, owner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner, owner) for inner in value]
        if not isinstance(value, str):
            return value
        return PLACEHOLDER.sub(lambda found: self.known.get(self.name(found, owner), found[0]), value)

    @staticmethod
    def name(found: re.Match[str], owner: str) -> str:
        """Distinguishes ids of components and of assets, which share their numbers in the recordings."""
        kind, number, other = found.groups()
        return str(other or (owner if kind == "id" else "") + kind + number)

    def text(self, recorded: str, actual: str, owner: str) -> bool:
        if re.search("Cannot (deserialize|construct|coerce)", recorded):
            recorded, actual = JAVA_CLASS.sub("`class`", recorded), JAVA_CLASS.sub("`class`", actual)
        recorded = self.filled(recorded, owner)
        ending = ""
        if recorded.endswith("{truncated}"):  # a placeholder may have been cut
            recorded, ending = re.sub(r"\{[a-zA-Z]*\d*$", "", recorded.removesuffix("{truncated}")), ".*"
        pattern, position, groups = "", 0, {}
        for found in PLACEHOLDER.finditer(recorded):
            name, form = self.name(found, owner), FORMS[found[1] or found[3]]
            pattern += re.escape(recorded[position : found.start()])
            if found[3]:
                pattern += f"(?:{form})"
            elif name in groups:
                pattern += f"(?P={name})"
            else:
                groups[name] = True
                pattern += f"(?P<{name}>{form})"
            position = found.end()
        matched = re.fullmatch(pattern + re.escape(recorded[position:]) + ending, actual, re.DOTALL)
        if matched:
            self.known.update({name: matched[name] for name in groups})
        return matched is not None

    def check(self, recorded: Any, actual: Any, where: str, path: str) -> None:
        """Raises Difference if the values differ."""
        if isinstance(recorded, dict) and isinstance(actual, dict):
            self.check_object(recorded, actual, where, path)
        elif isinstance(recorded, list) and isinstance(actual, list):
            self.check_list(recorded, actual, where, path)
        elif recorded in NUMBERS if isinstance(recorded, str) else False:
            if isinstance(actual, bool) or not isinstance(actual, int):
                raise Difference(f"{where}: {actual!r} is no number")
        elif isinstance(recorded, str) and isinstance(actual, str):
            if not self.text(recorded, actual, owner_of(where, path)):
                raise Difference(f"{where}: {shorten(recorded)} became {shorten(actual)}")
        elif type(recorded) is not type(actual) or recorded != actual:
            raise Difference(f"{where}: {shorten(recorded)} became {shorten(actual)}")

    def check_object(self, recorded: dict[str, Any], actual: dict[str, Any], where: str, path: str) -> None:
        if recorded.keys() != actual.keys():
            missing, more = recorded.keys() - actual.keys(), actual.keys() - recorded.keys()
            raise Difference(f"{where}: missing {sorted(missing)}, unexpected {sorted(more)}")
        for name, value in recorded.items():
            if name not in volatile_members(recorded, path):
                self.check(value, actual[name], f"{where}.{name}", path)

    def check_list(self, recorded: list[Any], actual: list[Any], where: str, path: str) -> None:
        if len(recorded) != len(actual):
            raise Difference(f"{where}: {len(recorded)} entries became {len(actual)}")
        if not unordered(recorded, where, path):
            for index, (one, other) in enumerate(zip(recorded, actual, strict=True)):
                self.check(one, other, f"{where}[{index}]", path)
            return
        rest = list(actual)
        for index, entry in enumerate(recorded):
            rest.remove(self.partner(entry, rest, f"{where}[{index}]", path))

    def partner(self, entry: Any, candidates: list[Any], where: str, path: str) -> Any:
        """The first candidate that equals an entry; discards what failed comparisons learned."""
        first: Difference | None = None
        for candidate in candidates:
            before = dict(self.known)
            try:
                self.check(entry, candidate, where, path)
                return candidate
            except Difference as difference:
                self.known = before
                first = first or difference
        raise first or Difference(f"{where}: missing")


def owner_of(where: str, path: str) -> str:
    return "asset" if ".assets[" in where or "/assets" in path else ""


def unordered(recorded: list[Any], where: str, path: str) -> bool:
    violations = bool(recorded) and all(isinstance(e, dict) and e.keys() == {"id", "message"} for e in recorded)
    # The order of bean validation checks varies.
    return violations or (where in ("body", "body.items") and path.endswith((*UNORDERED_PATHS, "(unordered)")))


def volatile_members(recorded: dict[str, Any], path: str) -> tuple[str, ...]:
    """Members that must exist but may have any value."""
    if recorded.get("name") == "default" and "blobCount" in recorded:
        return "blobCount", "totalSizeInBytes"  # they include content of earlier scenarios on the recorded server
    if "checksum" in recorded and GENERATED.search(str(recorded.get("path"))):
        return ("checksum",)
    if "checksum" in recorded and COMPRESSED.search(str(recorded.get("path"))):
        return "checksum", "fileSize"
    if path.endswith("/status/check"):
        return "healthy", "message", "error", "details"  # they describe the recorded host
    return ()


def shorten(value: Any, limit: int = 300) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "..."
