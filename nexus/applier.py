"""Applies a declaration to the server: creates, adopts, changes or recreates an object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nexus import model
from nexus.errors import NexusError
from nexus.kinds import KINDS
from nexus.kinds.base import STRICT
from nexus.model import Ref, prior_value_text
from nexus.objects.objects import Objects
from nexus.objects.undeclared import refuse_undeclared, unset_removed_fields
from nexus.objects.unset import recorded
from nexus.preflight import refuse_incomplete
from nexus.recreation import Recreation
from nexus.takeover import Takeover

Props = Mapping[str, Any]


@dataclass(frozen=True)
class Applier:
    """Does on the server what `create` and `update` require, and returns what the state must keep."""

    objects: Objects

    def create(self, ref: Ref, props: Props, replaced: Props | None, *, again: bool = False) -> dict[str, Any]:
        """Creates or adopts an object of a collection; returns what the state keeps in addition to its inputs.

        With `again`, an earlier run has begun to create it and may have succeeded.
        """
        kind, body = KINDS[ref.kind], props["body"]
        if replaced is not None and kind.is_replaced_in_place:
            Recreation(self.objects).recreate(ref, self._replacement_body(ref, body, replaced))
            return {"before": replaced["before"]} if replaced.get("before") else {}
        if (live := self._existing(ref, props)) is not None:
            remote = {"proxy": {"remoteUrl": model.at(live, ("proxy", "remoteUrl"))}}
            id_, is_changed = Takeover(self.objects).adopt(ref, live, body)
            keeps = kind.is_shipped(ref.name) and ref.type == "proxy"
            made = {**_id(id_), **({"before": prior_value_text(remote, remote)} if keeps else {})}
            return made if is_changed or props.get("adopt") != STRICT else made | recorded(kind, ref, body, live)
        if again and kind.id_field and (id_ := self._already_made(ref, body)):
            return _id(id_)
        return self._created(ref, body) if props.get("adopt") else _id(self._new(ref, body))

    def restore(self, ref: Ref, body: Props) -> dict[str, Any] | None:
        """Creates an adopted object that was gone; returns what the state keeps, None if it is there again."""
        return self._created(ref, body) if self.objects.live(ref) is None else None

    def unset(self, ref: Ref, body: Props) -> dict[str, Any]:
        """The fields that stay empty, for the state of an object of which every field is managed."""
        return recorded(self.objects.kind(ref.kind), ref, body, self.objects.live(ref, body))

    def change(self, ref: Ref, body: Props, old: Props, former: Props | None, *, adopts: bool) -> None:
        """Changes an object; recreates a shipped repository that somebody has deleted."""
        kind = KINDS[ref.kind]
        if not kind.is_compared:
            kind.set_on(self.objects, ref, body)
            return
        if kind.is_shipped(ref.name) and former and self.objects.live(ref) is None:
            self._new(ref, model.deep_merge(former, body))
            return
        base = model.without_defaults(old, body, kind.completed(ref.request, ref.name, body)) if adopts else old
        self.objects.update(ref, body, base, former)
        if self.objects.placeholder_of(ref) is not None:
            Recreation(self.objects).finish(ref)

    def refuse_loss(self, ref: Ref, old: Props, body: Props, former: Props | None, *, adopts: bool) -> None:
        """Checks a change in the preview.

        Raises:
            Rejected: the change would drop an undeclared secret or setting, or move the object away from its content.
        """
        kind = KINDS[ref.kind]
        kind.refuse_move(ref, lambda: self.objects.live(ref), body, old)
        if not kind.is_compared:
            return
        try:
            live = self.objects.at_first(ref, body) if kind.listing else self.objects.live(ref)
        except NexusError:
            return
        refuse_undeclared(ref, unset_removed_fields(kind, ref, live or {}, body, old, former or {}), body)
        if adopts:
            kind.refuse_reset(ref, live, body)

    def _existing(self, ref: Ref, props: Props) -> Mapping[str, Any] | None:
        takes = props.get("adopt") or props.get("adopted") or KINDS[ref.kind].is_shipped(ref.name)
        return self.objects.live(ref, props["body"]) if takes else None

    def _already_made(self, ref: Ref, body: Props) -> str:
        """The id of an object that is just as wanted; Nexus would make a second one of the same name."""
        kind, live = KINDS[ref.kind], self.objects.live(ref, body)
        return "" if live is None or kind.differing(ref, live, body) else str(live[kind.id_field])

    def _created(self, ref: Ref, body: Props) -> dict[str, Any]:
        """Creates what was to be adopted; what is not declared gets our defaults."""
        if self.objects.placeholder_of(ref) is None:
            refuse_incomplete(ref, body)
        return _id(self._new(ref, KINDS[ref.kind].completed(ref.request, ref.name, body)))

    def _new(self, ref: Ref, body: Props) -> str:
        left = self.objects.placeholder_of(ref)
        if left is None:
            return self.objects.create(ref, body)
        Recreation(self.objects).recreate(ref, KINDS[ref.kind].complete(left, body))
        return ""

    def _replacement_body(self, ref: Ref, body: Props, replaced: Props) -> Props:
        """The body of a replacement: it keeps the undeclared settings if format and type stay the same."""
        live = self.objects.live(ref)
        if live is None:
            left = self.objects.placeholder_of(ref)
            return dict(KINDS[ref.kind].complete(left, body)) if left else body
        kind = KINDS[ref.kind]
        left_over = unset_removed_fields(kind, ref, live, body, replaced["body"], {})
        refuse_undeclared(ref, left_over, body)
        return dict(kind.complete(left_over, body))


def _id(id_: str) -> dict[str, Any]:
    return {"serverId": id_} if id_ else {}
