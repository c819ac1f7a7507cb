"""The only reader of pulumi.Config: turns a stack file into one frozen value, or refuses it and says how to fix it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

import pulumi
from pydantic import Field, PrivateAttr, ValidationError

from nexus import schema
from nexus.problem import Problem
from nexus.schema.merging import merged
from stacks import identity_headers, layout, stack_file
from stacks.anonymous_access import NOBODY, AnonymousAccess
from stacks.backup import Backup
from stacks.client import Client
from stacks.docker_routes import DockerRoutes
from stacks.docker_settings import DockerSettings
from stacks.endpoint import Endpoint
from stacks.hidden import KeyPath, hidden_paths, masked
from stacks.image_signatures import ImageSignatures, unpinned
from stacks.maintenance import Maintenance
from stacks.managed_nexus import ManagedNexus
from stacks.monitoring import Monitoring, with_metrics_user, with_open_metrics
from stacks.names import Address, Hostname, Password
from stacks.nexus_settings import NexusSettings
from stacks.nginx_settings import NginxSettings, Routing
from stacks.own_namespaces import OwnNamespaces
from stacks.pem import FOLDER
from stacks.protection import protected
from stacks.registries import Registries
from stacks.rules import client_rules, explain, external_rules, kept_rules, topology_rules
from stacks.rules.refusal import Refusal, exit_on_config_error
from stacks.shared_topology import shared_topology
from stacks.tls_settings import SelfSigned, TlsSettings
from stacks.topology.maintained import maintained
from stacks.topology.pinned import with_pins
from stacks.topology.repository import members_first
from stacks.topology.sections import RESTORED, SECTIONS
from stacks.topology.topology import Topology
from stacks.unmanaged import Unmanaged
from stacks.value import Flag, Value

ADMIN = "admin"
DEFAULT_REALMS = ("NexusAuthenticatingRealm", "DockerToken")


if TYPE_CHECKING:
    Retained = str
else:
    Retained = Literal[(layout.NEXUS_DATA, layout.ACME, *RESTORED)]
"""What `retain` can name: a volume that survives `destroy`, or a setting that survives the removal of its section.

Any other setting is restored to its prior value when its section is removed.
"""


class Settings(Value):
    """All settings of one stack."""

    hostname: Hostname
    address: Address | None = None
    """The store's address for this machine while DNS cannot resolve its name."""
    tls: TlsSettings = SelfSigned()
    nexus: NexusSettings = ManagedNexus()
    nginx: NginxSettings = NginxSettings()
    docker: DockerSettings = DockerSettings()
    image_signatures: ImageSignatures | None = None
    """Who has to have signed the images of the containers; None verifies nothing."""
    anonymous_access: AnonymousAccess = NOBODY
    realms: tuple[str, ...] = DEFAULT_REALMS
    own_namespaces: OwnNamespaces = OwnNamespaces()
    """Names that only this store may serve: no proxy fetches them."""
    clients: Mapping[str, Client] = Field(default_factory=dict)
    passwords: Mapping[str, Password] = Field(default_factory=dict)
    backup: Backup | None = None
    maintenance: Maintenance | None = None
    monitoring: Monitoring | None = None
    protect: Flag = False
    """While true, nothing may remove or replace the data volume or a blob store, not even `destroy`."""
    retain: frozenset[Retained] = frozenset()
    allow_data_loss: tuple[str, ...] = ()
    """Repositories that may be removed or replaced with their content; `nexus.database` allows another database."""
    unmanaged: Unmanaged | None = None
    """What may be on the server beside what is declared. None: nothing, or anything on an external Nexus."""
    topology: Topology
    _hidden: frozenset[KeyPath] = PrivateAttr(frozenset())

    def hidden_in(self, *start: str) -> frozenset[KeyPath]:
        """The paths in an object of the topology that the stack file marks as secret; () if the whole object is."""
        inside = {path[len(start) :] for path in self._hidden if path[: len(start)] == start}
        return frozenset(inside | ({()} if any(start[: len(path)] == path for path in self._hidden) else set()))

    @classmethod
    def load(cls, folder: Path = Path(__file__).parent) -> Self:
        """The settings of the selected stack. A wrong stack file ends the program before any resource is registered."""
        config = pulumi.Config()
        given = {key: stack_file.structured(config.require(key)) for key in _keys(config.name)}
        file = folder / f"Pulumi.{pulumi.get_stack()}.yaml"
        with exit_on_config_error():
            unread = stack_file.problems(file)
            if unread:
                raise Refusal(unread)
            secret_keys = [key for key in given if pulumi.runtime.config.is_config_secret(f"{config.name}:{key}")]
            hidden = hidden_paths(file, given, secret_keys)
            try:
                settings = cls.of(given, folder)
            except Refusal as refusal:
                raise Refusal(masked(refusal.problems, given, hidden)) from None
            settings._hidden = frozenset(path for path in hidden if path[0] in SECTIONS)
            return settings

    @classmethod
    def of(cls, given: Mapping[str, Any], folder: Path) -> Self:
        """The settings that a stack file gives, with its shared topology read from the folder.

        Raises:
            Refusal: it is wrong; one line for each mistake.
        """
        wanted = {key: value for key, value in given.items() if key not in SECTIONS and value != ""}
        overrides = {key: given[key] for key in SECTIONS if key in given}
        wanted["topology"] = _with_overrides(shared_topology(folder, wanted.get("topology")), overrides)
        if stack_file.names_external(wanted.get("nexus")):
            wanted = _for_external(wanted)
        try:
            settings = cls.model_validate(wanted, context={FOLDER: folder})
        except ValidationError as error:
            raise Refusal(explain.problems(error, cls, wanted)) from None
        settings = settings.model_copy(
            update={
                "topology": with_metrics_user(settings.topology, settings.monitoring, settings.hostname),
                "nginx": with_open_metrics(settings.nginx, settings.monitoring),
            }
        )
        problems = [
            *settings._missing_secrets(),
            *settings._wrong_realms(),
            *settings._anonymous_administrator(),
            *settings.tls.problems(settings.hostname),
            *settings.nexus.problems(settings.topology),
            *(unpinned(settings.images) if settings.image_signatures else ()),
            *identity_headers.problems(settings.topology),
            *client_rules.problems(settings.clients, settings.passwords),
            *topology_rules.problems(
                settings.topology, settings.passwords, settings.realms, settings.nexus.known_generation
            ),
            *kept_rules.problems(settings.topology, settings.maintenance),
        ]
        if problems:
            raise Refusal(problems)
        routes, by_path = settings.routes, settings.nginx.routing == Routing.PATH
        topology = protected(settings.topology, settings.namespaces, routes if by_path else None)
        if settings.maintenance:
            topology = with_pins(topology, settings.maintenance.pins)
        topology = maintained(topology, settings.maintenance, settings.nexus.known_generation)
        return settings.model_copy(update={"topology": topology})

    @property
    def endpoint(self) -> Endpoint:
        """The store's public address."""
        return self.nexus.endpoint(self.hostname, self.nginx)

    @property
    def images(self) -> Mapping[str, str]:
        """The images of the stack's containers, by their keys of the stack file; none with an external Nexus."""
        return self.nexus.images(self.nginx, self.tls)

    @property
    def routes(self) -> DockerRoutes | None:
        """How nginx routes docker's requests; None without docker repositories and without nginx.

        Raises:
            Refusal: `nginx` names ports or repositories that cannot be served.
        """
        return self.nexus.routes(self.topology, self.nginx)

    @property
    def registries(self) -> Registries:
        """The registry names at which docker clients reach the store."""
        return self.nexus.registries(self.routes, self.endpoint)

    @property
    def namespaces(self) -> OwnNamespaces:
        """`ownNamespaces`, with those of the older key `nginx.privateNamespaces`."""
        own = self.own_namespaces
        return own.model_copy(update={"docker": tuple(dict.fromkeys((*own.docker, *self.nginx.private_namespaces)))})

    def _missing_secrets(self) -> list[Problem]:
        return [] if ADMIN in self.passwords else [topology_rules.missing_password(ADMIN)]

    def _wrong_realms(self) -> list[Problem]:
        found = schema.violations("realms", list(self.realms))
        return [
            Problem("realms", f.problem, f.allowed, "pulumi config set --path 'realms[0]' REALM", repr(f.given))
            for f in found
        ]

    def _anonymous_administrator(self) -> list[Problem]:
        access = self.anonymous_access
        if not access.enabled or access.user_id != ADMIN:
            return []
        return [
            Problem(
                "anonymousAccess.userId",
                "Nexus treats this user as anonymous even with its password, so `make up` would be locked out",
                "another user",
                "pulumi config set --path anonymousAccess.userId anonymous",
                ADMIN,
            )
        ]


def _with_overrides(shared: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    topology = merged(shared, overrides)
    found, known = topology.get("repositories"), shared.get("repositories")
    if isinstance(found, Mapping):
        topology["repositories"] = members_first(found, known if isinstance(known, Mapping) else ())
    return topology


def _keys(namespace: str) -> list[str]:
    prefix = f"{namespace}:"
    return [key.removeprefix(prefix) for key in pulumi.runtime.config.CONFIG.get() if key.startswith(prefix)]


def _for_external(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an external Nexus, with the host name from its URL."""
    found = external_rules.problems(wanted)
    if found:
        raise Refusal(found)
    return {**wanted, "hostname": urlsplit(wanted["nexus"]["url"]).hostname}
