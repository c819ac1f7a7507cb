"""What keeps a whole stack from being removed: asked before the first object goes, since Pulumi removes one by one."""

from collections.abc import Iterator, Mapping
from typing import Any

from exports.state import allowed_losses, connection, objects_of
from nexus.http.access import Access
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.recreation import holds_content
from nexus.removal import stays


def refused(state: Mapping[str, Any]) -> str:
    """Why the removal would end midway, and every step that lets it through; empty where nothing does."""
    full = list(_full(state))
    if not full:
        return ""
    steps = [
        f"pulumi config set --path 'allowDataLoss[{len(allowed_losses(state)) + place}]' {name}"
        for place, name in enumerate(full)
    ]
    return (
        f"{' and '.join(full)} holds content and would be removed; nothing has gone yet. To lose the content:\n"
        + "".join(f"  {step}\n" for step in steps)
        + "  make up, which applies that, then make down once more\n"
        "To leave the repository where it is: onDelete: keep beside it in the stack file, make up, then make down\n"
    )


def _full(state: Mapping[str, Any]) -> Iterator[str]:
    hosted = [props for props in objects_of(state) if props["kind"] == "repository" and props.get("type") == "hosted"]
    going = [props for props in hosted if not stays(props) and props["name"] not in allowed_losses(state)]
    if not going:
        return
    objects = Objects(Access(connection(state)).reader(look_up=True))
    for props in going:
        if objects.live(ref := Ref.of(props)) is not None and holds_content(objects, ref):
            yield str(props["name"])
