"""The resources of a Nexus server. Each type token is made from the table of kinds and is an on-disk format."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import ResourceOptions
from pulumi.dynamic import Resource

from nexus.kinds import KINDS
from nexus.provider import NexusProvider
from nexus.sdk import without_outputs, without_positions


@dataclass(frozen=True)
class NexusObjectArgs:
    """One object of the server; `body` is the API's request without the object's name."""

    kind: str
    name: str
    body: Mapping[str, Any]
    format: str = ""
    type: str = ""
    adopt: bool = False
    on_delete: str = ""
    """What happens when it is no longer declared: keep or delete. Empty: it is kept if it was adopted."""
    declared: str = ""
    """For an inventory: every declared object, as JSON (nexus/admission.py)."""

    @property
    def props(self) -> dict[str, Any]:
        """The inputs; what is not declared is left out."""
        props: dict[str, Any] = {"kind": self.kind, "name": self.name, "body": dict(self.body)}
        props |= {key: value for key in ("format", "type", "adopt", "declared") if (value := getattr(self, key))}
        return props | ({"onDelete": self.on_delete} if self.on_delete else {})


_PROVIDER = NexusProvider()


class NexusObject(Resource, module="nexus", name="Object"):
    """One object of a Nexus server; `of` gives it the type token of its kind."""

    @staticmethod
    def of(name: str, args: NexusObjectArgs, opts: ResourceOptions) -> "NexusObject":
        return _CLASSES[args.kind](name, args, opts)

    def __init__(self, name: str, args: NexusObjectArgs, opts: ResourceOptions) -> None:
        with without_positions(), without_outputs():
            super().__init__(_PROVIDER, name, args.props, opts)


_CLASSES: Mapping[str, type[NexusObject]] = {
    key: type(kind.token, (NexusObject,), {}, module="nexus", name=kind.token) for key, kind in KINDS.items()
}
