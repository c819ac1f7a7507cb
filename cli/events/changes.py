"""A preview as values, for `preview --json`."""

from collections.abc import Iterator, Sequence
from typing import Any

from cli.events.event import Violation, title_of
from reports.events import document
from reports.fields import Field, Missing, drifted, intended, is_gone
from reports.jvm import in_plain
from reports.kinds import is_bookkeeping, kind_and_name
from reports.preview import Change, Operation, Preview

_COMPONENTS = ("pulumi:", "repository-store:")


def shown(preview: Preview) -> list[Change]:
    """What `up` would do, without components and what only records something."""
    return [each for each in _changes(preview) if not _is_bookkeeping(each)]


def bookkeeping(preview: Preview) -> list[Change]:
    return [each for each in _changes(preview) if _is_bookkeeping(each)]


def _is_bookkeeping(change: Change) -> bool:
    return is_bookkeeping(change.type, change.name, change.operation.value)


def _changes(preview: Preview) -> Iterator[Change]:
    for each in preview.changes:
        if each.operation is not Operation.SAME and not each.type.startswith(_COMPONENTS):
            yield each


def of_events(events: str) -> Preview:
    return in_plain(Preview.parse(document(events.splitlines())))


def as_values(events: str, violations: Sequence[Violation]) -> dict[str, Any]:
    """The changes and violations; no value of a secret is in them."""
    preview = of_events(events)
    return {
        "changes": [_change(each, preview.project) for each in sorted(shown(preview), key=_place)],
        "violations": [
            {"policy": policy, "mandatory": mandatory, "resource": resource, "message": message}
            for policy, mandatory, resource, message in sorted(
                {(each.policy, each.is_mandatory, title_of(each.urn), each.text) for each in violations}
            )
        ],
    }


def _place(change: Change) -> tuple[int, str, str]:
    return list(Operation).index(change.operation), change.type, change.name


def _change(change: Change, project: str) -> dict[str, Any]:
    kind, name = kind_and_name(change.type, change.name)
    fields = [] if change.operation is Operation.DELETE or is_gone(change) else list(_fields(change, project))
    return {
        "operation": change.operation.value,
        "kind": kind,
        "name": name,
        "isGone": is_gone(change),
        "fields": fields if change.operation is not Operation.CREATE else [],
    }


def _fields(change: Change, project: str) -> Iterator[dict[str, Any]]:
    by_hand = drifted(change, project)
    for field in by_hand:
        yield _field(field, after=field.wanted, drift=True) | _known("found", field.new)
    for field in intended(change, project):
        if field.path not in {each.path for each in by_hand}:
            yield _field(field, after=field.new, drift=False)


def _field(field: Field, *, after: Any, drift: bool) -> dict[str, Any]:
    return {
        "path": field.path,
        "isDrift": drift,
        "isSecret": field.is_secret,
        **_known("before", field.old),
        **_known("after", after),
    }


def _known(key: str, value: Any) -> dict[str, Any]:
    """Without the key if the field is not set, or known only after `up`."""
    return {} if isinstance(value, Missing) else {key: value}
