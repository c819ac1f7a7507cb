"""Applies a declaration to the server: creates, adopts, changes or recreates an object."""

from collections.abc import Mapping
from typing import Any

from nexus import model
from nexus.errors import NexusError
from nexus.kinds import KINDS
from nexus.objects import bodies
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.objects.removed_fields import unset_removed_fields
from nexus.objects.undeclared import refuse_move, refuse_undeclared, refuse_unshown
from nexus.recreation import Recreation
from nexus.restoration import prior_value_text
from nexus.shipped import is_shipped
from nexus.takeover import Takeover

Props = Mapping[str, Any]


class Applier:
    """Does on the server what `create` and `update` require, and returns what the state must keep."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def create(self, ref: Ref, props: Props, replaced: Props | None) -> dict[str, Any]:
        """Creates or adopts an object of a collection; returns what the state keeps in addition to its inputs."""
        body = props["body"]
        if replaced is not None and ref.kind == "repository":
            Recreation(self._objects).recreate(ref, self._replacement_body(ref, body, replaced))
            return {"before": replaced["before"]} if replaced.get("before") else {}
        if (live := self._existing(ref, props)) is not None:
            remote = {"proxy": {"remoteUrl": model.at(live, ("proxy", "remoteUrl"))}}
            id_ = Takeover(self._objects).adopt(ref, body)
            keeps = is_shipped(ref) and ref.type == "proxy"
            return {**_id(id_), **({"before": prior_value_text(remote, remote)} if keeps else {})}
        return _id(self._new(ref, bodies.completed(ref, body) if props.get("adopt") else body))

    def change(self, ref: Ref, body: Props, old: Props, former: Props | None, *, adopts: bool) -> None:
        """Changes an object; recreates a shipped repository that somebody has deleted."""
        if not KINDS[ref.kind].is_compared:
            KINDS[ref.kind].set_on(self._objects, ref, body)
            return
        if is_shipped(ref) and former and self._objects.live(ref) is None:
            self._new(ref, model.deep_merge(former, body))
            return
        base = bodies.without_defaults(old, body, bodies.completed(ref, body)) if adopts else old
        self._objects.update(ref, body, base, former)
        if self._objects.placeholder_of(ref) is not None:
            Recreation(self._objects).finish(ref)

    def refuse_loss(self, ref: Ref, old: Props, body: Props, former: Props | None, *, adopts: bool) -> None:
        """Checks a change in the preview.

        Raises:
            Rejected: the change would drop an undeclared secret or setting, or move the object away from its content.
        """
        kind = KINDS[ref.kind]
        if any(model.at(old, path) != model.at(body, path) for path in kind.fixed):
            refuse_move(ref, self._objects.live(ref), body)
        if not kind.is_compared:
            return
        try:
            live = self._objects.at_first(ref, body) if kind.listing else self._objects.live(ref)
        except NexusError:
            return
        refuse_undeclared(ref, unset_removed_fields(kind, ref, live or {}, body, old, former or {}), body)
        if adopts:
            refuse_unshown(ref, live, body)

    def _existing(self, ref: Ref, props: Props) -> Mapping[str, Any] | None:
        takes = props.get("adopt") or props.get("adopted") or is_shipped(ref)
        return self._objects.live(ref) if takes else None

    def _new(self, ref: Ref, body: Props) -> str:
        left = self._objects.placeholder_of(ref)
        if left is None:
            return self._objects.create(ref, body)
        Recreation(self._objects).recreate(ref, bodies.complete(KINDS[ref.kind], left, body))
        return ""

    def _replacement_body(self, ref: Ref, body: Props, replaced: Props) -> Props:
        """The body of a replacement: it keeps the undeclared settings if format and type stay the same."""
        live = self._objects.live(ref)
        if live is None:
            left = self._objects.placeholder_of(ref)
            return dict(bodies.complete(KINDS[ref.kind], left, body)) if left else body
        kind = KINDS[ref.kind]
        left_over = unset_removed_fields(kind, ref, live, body, replaced["body"], {})
        refuse_undeclared(ref, left_over, body)
        return dict(bodies.complete(kind, left_over, body))


def _id(id_: str) -> dict[str, Any]:
    return {"serverId": id_} if id_ else {}
