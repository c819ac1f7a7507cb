"""The managed or external Nexus that the stack configures."""

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
    """What the topology needs to know about its Nexus."""

    @property
    def ca_certificate_pem(self) -> Output[str]:
        """Empty if clients trust the certificate already."""

    @property
    def initial_password(self) -> Output[str]:
        """The administrator's password of a new server; empty for an external one."""

    @property
    def ready(self) -> Sequence[Resource]:
        """The resources that must exist before the first request to the server."""

    @property
    def docker_endpoint(self) -> str:
        """The engine that runs it, as in DOCKER_HOST; empty for an external Nexus."""

    @property
    def disk(self) -> NexusDisk | None:
        """None for an external Nexus."""


def store_of(settings: Settings) -> Store:
    """A managed Nexus in containers, or the external one that `nexus.url` names."""
    match settings.nexus:
        case ManagedNexus() as nexus:
            return ManagedStore(settings, nexus)
        case ExternalNexus() as nexus:
            return ExternalStore(nexus)
    assert_never(settings.nexus)
