"""Checks whether a stack can be removed, before the first deletion: Pulumi deletes its resources one by one."""

from collections.abc import Iterator, Mapping
from typing import Any

from exports.state import allowed_losses, connection, objects_of
from nexus.advice import ALLOW_DATA_LOSS, entry
from nexus.http.access import Access
from nexus.kinds.repository import REPOSITORY
from nexus.model import Ref
from nexus.objects.objects import Objects
from nexus.recreation import holds_content


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


def _full(state: Mapping[str, Any]) -> Iterator[str]:
    hosted = [props for props in objects_of(state) if props["kind"] == "repository" and props.get("type") == "hosted"]
    going = [each for each in hosted if not REPOSITORY.stays(each) and each["name"] not in allowed_losses(state)]
    if not going:
        return
    objects = Objects(Access(connection(state)).reader(look_up=True))
    for props in going:
        if objects.live(ref := Ref.of(props)) is not None and holds_content(objects, ref):
            yield str(props["name"])
