"""References to objects, and declared and current values: compared and merged, with nothing changed in place."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote

Path = tuple[str, ...]

PLACEHOLDER = "#~NXRM~PLACEHOLDER~PASSWORD~#"
"""What Nexus shows instead of some secrets; if it is sent back, the secret stays (seen on 3.77: e-mail, S3)."""


@dataclass(frozen=True)
class Ref:
    """An object's name and, if its kind has them, its format and type (as in URLs: `maven`).

    For kinds whose objects the server finds by an id that it assigns, `id` is that id, and the declared `body`
    identifies the object until the id is known.
    """

    kind: str
    name: str
    format: str = ""
    type: str = ""
    id: str = ""
    body: Any = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Self:
        where = props.get("format", ""), props.get("type", ""), props.get("serverId", "")
        return cls(props["kind"], props["name"], *where, props.get("body"))

    @property
    def request(self) -> str:
        """The name of its create request in the schema."""
        return "/".join(part for part in (self.kind, self.format, self.type) if part)

    def with_id(self, id_: str) -> Self:
        return replace(self, id=id_)

    def path(self, template: str) -> str:
        """The template with the object's name and id as segments of a URL's path."""
        name, id_ = quote(self.name, safe=""), quote(self.id, safe="")
        return template.format(name=name, format=self.format, type=self.type, id=id_)

    def __str__(self) -> str:
        return f"{self.request} {self.name}"


def plain(value: Any) -> Any:
    """The value with whole numbers as int: Pulumi passes every number as a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def select_declared(live: Any, declared: Any) -> Any:
    """The declared part of the current state; a key that the server does not have is None."""
    if isinstance(declared, Mapping):
        there = live if isinstance(live, Mapping) else {}
        return {key: select_declared(there.get(key), wanted) for key, wanted in declared.items()}
    return plain(live)


def deep_merge(live: Any, declared: Any, *, none_removes: bool = False) -> Any:
    """The current state with the declaration merged over it: the complete body that a PUT needs.

    Mappings are merged key by key; lists and scalars are replaced. With `none_removes`, None removes a key.
    """
    if not isinstance(live, Mapping) or not isinstance(declared, Mapping):
        return declared
    over = {key: deep_merge(live.get(key), wanted, none_removes=none_removes) for key, wanted in declared.items()}
    gone = {key for key, wanted in declared.items() if wanted is None and none_removes}
    return {key: value for key, value in {**live, **over}.items() if key not in gone}


def changes(old: Any, new: Any, unordered: frozenset[Path] = frozenset(), at: Path = ()) -> Iterator[Path]:
    """The paths at which two values differ; a list at an unordered path is a set."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from changes(old.get(key), new.get(key), unordered, (*at, key))
    elif at in unordered and isinstance(old, list) and isinstance(new, list):
        if sorted(map(str, old)) != sorted(map(str, new)):
            yield at
    elif plain(old) != plain(new) and not (is_empty(old) and is_empty(new)):
        yield at


def is_empty(value: Any) -> bool:
    """Servers return null for an empty text or list that they were sent, or the other way round."""
    return value is None or (isinstance(value, str | list | Mapping) and not value)


def without(value: Any, paths: Iterable[Path]) -> Any:
    """The value without what is at the paths."""
    for path in paths:
        value = _without(value, path)
    return value


def _without(value: Any, path: Path) -> Any:
    if not path or not isinstance(value, Mapping) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: entry for key, entry in value.items() if key != path[0]}
    return {**value, path[0]: _without(value[path[0]], path[1:])}


def restore_paths(value: Any, source: Any, paths: Iterable[Path]) -> Any:
    """The value with what the source has at the paths: secrets and fields that the server never returns."""
    for path in paths:
        owner = at(source, path[:-1])
        if isinstance(owner, Mapping) and path[-1] in owner:
            value = put(value, path, owner[path[-1]])
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """The value with the new one at the path; unchanged if something else than a mapping is on the way there."""
    if not path or not isinstance(value, Mapping):
        return value if path else new
    return {**value, path[0]: put(value.get(path[0], {}), path[1:], new)}


def at(value: Any, path: Path) -> Any:
    """The value at the path; None if there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def nested(path: Path, value: Any) -> Any:
    """A mapping that has the value at the path and nothing else."""
    for key in reversed(path):
        value = {key: value}
    return value


def dotted(path: Path) -> str:
    return ".".join(path)


def without_defaults(old: Mapping[str, Any], new: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The old declaration without our defaults that are no longer declared."""
    return {
        key: without_defaults(value, new.get(key) or {}, whole.get(key) or {}) if isinstance(value, Mapping) else value
        for key, value in old.items()
        if key in new or isinstance(value, Mapping) or value != whole.get(key)
    }


def prior_value_text(live: Mapping[str, Any] | None, body: Mapping[str, Any], earlier: Any = None) -> str:
    """The prior value of every declared field of a setting, as the state keeps it.

    It is a JSON text, since a state does not keep properties that are null. Values recorded earlier win.
    """
    former = select_declared(live, body) if live else {}
    return json.dumps(deep_merge(former, prior_value(earlier) or {}), separators=(",", ":")) if live else ""


def prior_value(kept: Any) -> dict[str, Any] | None:
    """The recorded prior value; older states have it as an object."""
    if isinstance(kept, str) and kept:
        former: dict[str, Any] = json.loads(kept)
        return former
    return plain(kept) if isinstance(kept, Mapping) else None
