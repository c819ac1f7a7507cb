"""The resources of a Nexus server. Each type token is made from the table of kinds and is an on-disk format."""

from collections.abc import Mapping

from pulumi import ResourceOptions
from pulumi.dynamic import Resource

from nexus.kinds import KINDS
from nexus.objects.declaration import Declaration
from nexus.provider import NexusProvider
from nexus.sdk import without_outputs, without_positions

_PROVIDER = NexusProvider()


class NexusObject(Resource, module="nexus", name="Object"):
    """One object of a Nexus server; `of` gives it the type token of its kind."""

    @staticmethod
    def of(name: str, declaration: Declaration, opts: ResourceOptions) -> "NexusObject":
        return _CLASSES[declaration.kind](name, declaration, opts)

    def __init__(self, name: str, declaration: Declaration, opts: ResourceOptions) -> None:
        with without_positions(), without_outputs():
            super().__init__(_PROVIDER, name, declaration.inputs, opts)


_CLASSES: Mapping[str, type[NexusObject]] = {
    key: type(kind.token, (NexusObject,), {}, module="nexus", name=kind.token) for key, kind in KINDS.items()
}
