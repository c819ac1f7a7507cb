"""Summarises a preview in a few lines: which resources `up` would change, and in which properties."""

from collections import defaultdict
from collections.abc import Iterator

from cli.events.progress import described
from reports.events import document
from reports.fields import Field, drifted, intended, is_gone
from reports.jvm import in_plain
from reports.preview import Change, Operation, Preview
from reports.text import entry, line, value

_MOST_FIELDS = 10
_COMPONENTS = ("pulumi:", "repository-store:")


def outlook(events: str) -> Iterator[str]:
    """The lines for Pulumi's event log: one for each changed resource; new ones of a kind share a line."""
    preview = in_plain(Preview.parse(document(events.splitlines())))
    changes = [
        each
        for each in preview.changes
        if each.operation is not Operation.SAME and not each.type.startswith(_COMPONENTS)
    ]
    yield from _new([each for each in changes if each.operation is Operation.CREATE and not is_gone(each)])
    for operation in Operation:
        for change in changes:
            if change.operation is operation and (operation is not Operation.CREATE or is_gone(change)):
                yield from _changed(change, preview.project)


def _new(changes: list[Change]) -> Iterator[str]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        kind = described(change).removesuffix(change.name).strip()
        kinds[kind].append(line(change.name))
    for kind, names in kinds.items():
        yield f"create {f'{kind} ' if kind else ''}{', '.join(names)}"


def _changed(change: Change, project: str) -> Iterator[str]:
    gone = " (somebody removed it)" if is_gone(change) else ""
    yield f"{change.operation.value} {line(described(change))}{gone}"
    if change.operation is Operation.DELETE or gone:
        return
    fields = [f"{_field(each)}, {_cause(each)}" for each in drifted(change, project)]
    fields += map(_field, intended(change, project))
    yield from (f"    {each}" for each in fields[:_MOST_FIELDS])
    if len(fields) > _MOST_FIELDS:
        yield f"    and {len(fields) - _MOST_FIELDS} more: --verbose shows them"


def _cause(field: Field) -> str:
    if field.is_of_plugin:
        return "a default of the docker plugin, which is another one than at the last up"
    return "which somebody changed"


def _field(field: Field) -> str:
    if field.is_secret:
        return f"{line(field.path)}: a secret"
    if field.is_reordered:
        return f"{line(field.path)}: another order"
    if field.entries:
        lost, gained = field.entries
        return f"{line(field.path)}: {', '.join([*(f'-{entry(e)}' for e in lost), *(f'+{entry(e)}' for e in gained)])}"
    return f"{line(field.path)}: {value(field.old)} -> {value(field.new)}"
