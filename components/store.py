"""The Nexus that the stack fills, whoever runs it."""

from collections.abc import Sequence
from typing import Protocol, assert_never

from pulumi import Output, Resource

from components.external_store import ExternalStore
from components.managed_store import ManagedStore
from components.nexus_disk import NexusDisk
from stacks.external_nexus import ExternalNexus
from stacks.managed_nexus import ManagedNexus
from stacks.settings import Settings


class Store(Protocol):
    """What the objects on the server need of what is below them."""

    @property
    def ca_certificate_pem(self) -> Output[str]:
        """Empty when clients trust the certificate without being told."""

    @property
    def initial_password(self) -> Output[str]:
        """The administrator's password of a new server; empty for an external one."""

    @property
    def ready(self) -> Sequence[Resource]:
        """What must be there before the server is spoken to."""

    @property
    def disk(self) -> NexusDisk | None:
        """None when the server's files are out of reach."""


def store_of(settings: Settings) -> Store:
    """Containers of the stack's own, or the Nexus that `nexus.url` names."""
    match settings.nexus:
        case ManagedNexus() as nexus:
            return ManagedStore(settings, nexus)
        case ExternalNexus() as nexus:
            return ExternalStore(nexus)
    assert_never(settings.nexus)
