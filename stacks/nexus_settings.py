from typing import Annotated

from pydantic import Discriminator, Tag

from stacks.external_nexus import ExternalNexus
from stacks.managed_nexus import ManagedNexus
from stacks.nexus_mode import NexusMode
from stacks.stack_file import names_external


def _managed_or_external(given: object) -> str:
    is_managed = given.is_managed if isinstance(given, NexusMode) else not names_external(given)
    return "managed" if is_managed else "external"


NexusSettings = Annotated[
    Annotated[ManagedNexus, Tag("managed")] | Annotated[ExternalNexus, Tag("external")],
    Discriminator(_managed_or_external),
]
"""A server that the stack runs in a container, or an external one."""
