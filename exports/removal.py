"""Checks whether a stack can be removed, before the first deletion: Pulumi deletes its resources one by one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from exports.state import allowed_losses, connection, objects_of
from nexus.advice import ALLOW_DATA_LOSS, entry
from nexus.http.access import Access
from nexus.kinds import KINDS
from nexus.kinds.repository import REPOSITORY
from nexus.model import Ref
from nexus.objects.objects import Objects
from nexus.recreation import holds_content

_GOES = "removed from the server"
_STAYS = "stays on the server, since it was adopted or the stack file keeps it"
_RESTORED = "gets its prior value back"


def refused(state: Mapping[str, Any]) -> str:
    """Why the removal would fail midway, and the steps that allow it; empty if it would not fail."""
    full = sorted(_full(state))
    if not full:
        return ""
    steps = [entry(ALLOW_DATA_LOSS, place, name) for place, name in enumerate(full, start=len(allowed_losses(state)))]
    return (
        f"{' and '.join(full)} holds content and would be removed; nothing has been removed yet. To lose the content:\n"
        + "".join(f"  {step}\n" for step in steps)
        + "  make up, which applies that, then make down again\n"
        "To keep the repository: set its onDelete to keep in the stack file, then make up, then make down\n"
    )


def outcome(state: Mapping[str, Any]) -> str:
    """What of an external server goes with the stack and what stays, by kind and count."""
    found = {what: Counter[str]() for what in (_GOES, _STAYS, _RESTORED)}
    for props in objects_of(state):
        kind = KINDS[props["kind"]]
        if kind.section and kind.is_compared:
            what = _STAYS if kind.stays(props) else _GOES if kind.is_collection else _RESTORED
            found[what][kind.section] += 1
    lines = {what: ", ".join(f"{count} {section}" for section, count in sorted(found[what].items())) for what in found}
    return "".join(f"{what}: {which}\n" for what, which in lines.items() if which)


def _full(state: Mapping[str, Any]) -> Iterator[str]:
    hosted = [props for props in objects_of(state) if props["kind"] == "repository" and props.get("type") == "hosted"]
    going = [each for each in hosted if not REPOSITORY.stays(each) and each["name"] not in allowed_losses(state)]
    if not going:
        return
    objects = Objects(Access(connection(state)).reader(look_up=True))
    for props in going:
        if objects.live(ref := Ref.of(props)) is not None and holds_content(objects, ref):
            yield str(props["name"])
