"""Summarises a preview in a few lines: which resources `up` would change, and in which properties."""

from collections import defaultdict
from collections.abc import Iterator

from cli.events.changes import bookkeeping, of_events, shown
from reports.fields import Field, drifted, intended, is_gone
from reports.kinds import NEW_AUTHORITY, described, is_authority, kind_and_name
from reports.preview import Change, Operation
from reports.text import entry, line, value

_MOST_FIELDS = 10


def outlook(events: str) -> Iterator[str]:
    """The lines for Pulumi's event log: one for each changed resource; new or adopted ones of a kind share a line."""
    preview = of_events(events)
    changes = shown(preview)
    alike = [each for each in changes if _shares_a_line(each)]
    for operation in (Operation.ADOPT, Operation.CREATE, Operation.RELEASE):
        yield from _together(operation, [each for each in alike if each.operation is operation])
    for operation in Operation:
        for change in changes:
            if change.operation is operation and not _shares_a_line(change):
                yield from _changed(change, preview.project)
    if not changes:  # what only records something is worth a line if nothing else changes
        yield from (f"{each.operation.verb} {_named(each)}" for each in bookkeeping(preview))


def _shares_a_line(change: Change) -> bool:
    """Whether there is no more to say than what happens to it."""
    if change.operation is Operation.CREATE:
        return not is_gone(change)
    return change.operation is Operation.RELEASE or (change.operation is Operation.ADOPT and not change.state.differing)


def _named(change: Change) -> str:
    return line(described(change.type, change.name))


def _together(operation: Operation, changes: list[Change]) -> Iterator[str]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        kind, name = kind_and_name(change.type, change.name)
        kinds[kind].append(line(name))
    stay = operation is Operation.RELEASE
    for kind, names in kinds.items():
        line_ = " ".join(filter(None, (operation.verb, kind, ", ".join(sorted(names)))))
        yield f"{line_} (on the server {'it stays' if len(names) == 1 else 'they stay'})" if stay else line_


def _changed(change: Change, project: str) -> Iterator[str]:
    gone = " (it is gone from the server)" if is_gone(change) else ""
    yield f"{change.operation.verb} {_named(change)}{gone}"
    if change.operation is Operation.REPLACE and is_authority(change.type, change.name):
        yield f"    {NEW_AUTHORITY}"
    if change.operation is Operation.DELETE or gone:
        return
    by_hand = drifted(change, project)
    fields = [_drift(each) for each in by_hand]
    fields += [_field(each) for each in intended(change, project) if each.path not in {drift.path for drift in by_hand}]
    yield from (f"    {each}" for each in fields[:_MOST_FIELDS])
    if len(fields) > _MOST_FIELDS:
        yield f"    and {len(fields) - _MOST_FIELDS} more: --verbose shows them"


def _drift(field: Field) -> str:
    """What is on the server, and what `up` sets there, if that is known."""
    there, wanted = value(field.new), f", up sets {value(field.wanted)}"
    if field.is_of_plugin:
        return f"{line(field.path)}: {there}, a default of the docker plugin, which is another one than at the last up"
    if field.is_secret:
        there, wanted = "another secret", ", up sets the declared one"
    elif field.entries:
        lost, gained = field.entries
        more = [f"also {', '.join(map(entry, gained))}"] if gained else []
        there = " and ".join([*more, *([f"without {', '.join(map(entry, lost))}"] if lost else [])])
    return f"{line(field.path)}: {there} on the server (changed by hand){wanted if field.is_wanted else ''}"


def _field(field: Field) -> str:
    if field.is_secret:
        return f"{line(field.path)}: a secret"
    if field.is_reordered:
        return f"{line(field.path)}: another order"
    if field.entries:
        lost, gained = field.entries
        return f"{line(field.path)}: {', '.join([*(f'-{entry(e)}' for e in lost), *(f'+{entry(e)}' for e in gained)])}"
    return f"{line(field.path)}: {value(field.old)} -> {value(field.new)}"
