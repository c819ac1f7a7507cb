from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pulumi
from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.blob_store_files import BlobStoreFiles, BlobStoreFilesArgs
from components.naming import token
from components.nexus_disk import NexusDisk
from nexus import schema
from nexus.admission import KEPT, REALM, UNPLACED
from nexus.kinds import KINDS
from nexus.kinds.base import DELETE, KEEP
from nexus.objects.declaration import Declaration, Need
from nexus.problem import Problem
from nexus.resources import NexusObject
from nexus.sdk import without_repeated_work
from nexus.server import Server
from stacks.settings import ADMIN, Settings
from stacks.topology.declarations import declarations
from stacks.topology.maintained import TASKS_SINCE, lacks_tasks
from stacks.topology.sections import MANY

# A resource's name starts with the kind of its object, except for repositories.
_PREFIXES = {"repository": "", "ipAllowlistEntry": "ip-allowlist-", "truststore": "trusted-certificate-"}
_NAMES = {"password": "admin-password"}
_DIRECTORIES = [KINDS[kind].section for kind in KINDS["realms"].after]


@dataclass(frozen=True)
class RepositoryTopologyArgs:
    """The declared topology, the server, and the disk of a managed one."""

    settings: Settings
    server: Server
    disk: NexusDisk | None


class RepositoryTopology(ComponentResource):
    """Everything on the server, declared in the order in which Nexus has to create it.

    No object's output is an input of another: names come from the settings, the order from depends_on.
    """

    def __init__(self, name: str, args: RepositoryTopologyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("RepositoryTopology"), name, None, opts)
        self._args = args
        self._settings = args.settings
        self._made: dict[Need, Resource] = {}
        self._before_all: list[Resource] = []
        without_repeated_work()
        self._warn_of_missing_tasks()
        self._everything()
        self.register_outputs({})

    def _everything(self) -> None:
        self._before_all = [inventory := self._inventory()]
        self.reached: NexusObject = self._password() or inventory
        """From here on the server accepts the administrator's password of the settings."""
        self._before_all = [self.reached]
        self._before_all = self._eula() or self._before_all
        self._encryption()
        for declaration in self._declarations:
            self._made[declaration.section, declaration.name] = self._declare(declaration)
        self._security()

    @cached_property
    def _declarations(self) -> tuple[Declaration, ...]:
        return tuple(declarations(self._settings.topology))

    def _inventory(self) -> NexusObject:
        """Comes first: it refuses what would lose content, lock the provider out or be refused by the server later."""
        repositories = self._settings.topology.repositories
        hosted = sorted(name for name, repository in repositories.items() if repository.type == "hosted")
        body = {"names": " ".join(hosted)}
        nexus, nginx = self._settings.nexus, self._settings.nginx
        if nexus.database_address:
            body["database"] = nexus.database_address
        if nginx.rest_allowed_from:
            body["restAllowedFrom"] = " ".join(nginx.rest_allowed_from)
        if nginx.trusted_proxies:
            body["trustedProxies"] = " ".join(nginx.trusted_proxies)
        adopted = [name for name in hosted if repositories[name].adopt and repositories[name].on_delete != DELETE]
        if adopted:
            body["adopted"] = " ".join(adopted)
        if self._settings.maintenance and self._settings.maintenance.offline_copies:  # for the policy cleanup-policy
            body["offlineCopies"] = " ".join(self._settings.maintenance.offline_copies)
        return self._object(Declaration("hostedRepositories", "hosted", body=body, declared=self._declared()), [])

    def _declared(self) -> dict[str, list[str]]:
        """The stack file keys of all declared objects by request; a capability's request includes its type."""
        found: dict[str, list[str]] = {}
        for declaration in self._declarations:
            kind = KINDS[declaration.kind]
            if kind.section:
                request = kind.request_of(declaration.request, declaration.body)
                found.setdefault(request, []).append(declaration.key)
            if _stays_unchanged(declaration):
                found.setdefault(KEPT, []).append(declaration.key)
            if kind.is_unplaced(declaration.body):
                found.setdefault(UNPLACED, []).append(declaration.key)
        if self._is_ours("realms"):
            found[REALM] = [f"realms.{realm}" for realm in self._settings.realms]
        return {request: sorted(keys) for request, keys in sorted(found.items())}

    def _password(self) -> NexusObject | None:
        """Only of a managed Nexus: the stack does not manage the administrator of an external one."""
        if self._args.disk is None:
            return None
        secret = self._settings.passwords[ADMIN].get_secret_value()
        body = {"password": Output.secret(secret), "instance": self._args.disk.instance}
        return self._object(Declaration("password", ADMIN, body=body), [])

    def _eula(self) -> list[Resource]:
        if not self._settings.nexus.agrees:
            return []
        return [self._object(Declaration("eula", "eula", body={"accepted": True}), [])]

    def _encryption(self) -> None:
        """Has Nexus re-encrypt its stored secrets whenever there is a newer key."""
        key = self._settings.nexus.newest_encryption_key
        if key and self._args.disk:
            self._object(Declaration("encryption", "encryption", body={"secretKeyId": key}), [])

    def _warn_of_missing_tasks(self) -> None:
        generation = self._settings.nexus.known_generation
        if self._settings.maintenance and lacks_tasks(generation):
            pulumi.log.warn(
                str(
                    Problem(
                        "maintenance",
                        "the API of this release cannot create tasks, so nothing compacts the blob stores",
                        f"Nexus {TASKS_SINCE} or newer",
                        "upgrade nexus.image, or create the tasks by hand (docs/storage.md)",
                        got=f"Nexus {generation}",
                    )
                )
            )

    def _declare(self, declaration: Declaration) -> NexusObject:
        needs = [self._made[need] for need in dict.fromkeys(declaration.needs)]
        if KINDS[declaration.kind].holds_content and declaration.type == "file" and self._args.disk:
            needs.append(self._files(declaration.name, self._args.disk))
        return self._object(replace(declaration, body=self._secret_body(declaration)), needs)

    def _secret_body(self, declaration: Declaration) -> Mapping[str, Any]:
        """The body, with the API's secret fields and the secrets of the stack file as Pulumi secrets."""
        start = (declaration.section, declaration.name)[: 2 if declaration.section in MANY else 1]
        hidden = self._settings.hidden_in(*start)
        paths = [*schema.secret_paths(declaration.request), *hidden - {()}]
        body = self._body(declaration)
        return _secrets(body, frozenset((key,) for key in body) if () in hidden else frozenset(paths))

    def _body(self, declaration: Declaration) -> Mapping[str, Any]:
        body: Mapping[str, Any] = declaration.body
        secret = self._settings.passwords.get(declaration.name) if KINDS[declaration.kind].has_password else None
        return {**body, "password": secret.get_secret_value()} if secret else body

    def _files(self, store: str, disk: NexusDisk) -> BlobStoreFiles:
        return BlobStoreFiles(
            f"{store}-files",
            BlobStoreFilesArgs(store, self._settings.topology.blob_stores[store], disk.engine),
            ResourceOptions(parent=self, deleted_with=disk.volume, depends_on=self._before_all),
        )

    def _security(self) -> None:
        """Declares the realms after the user directories that they use."""
        directories = [made for (section, _), made in self._made.items() if section in _DIRECTORIES]
        if self._is_ours("realms"):
            active = {"active": list(self._settings.realms)}
            self._object(Declaration("realms", "realms", body=active), directories)
        if self._is_ours("anonymous_access"):
            body = self._settings.anonymous_access.body
            self._object(Declaration("anonymous", "anonymous", body=body), [])

    def _is_ours(self, field: str) -> bool:
        """Whether the stack manages this setting; on an external Nexus only if the stack file has it."""
        return self._args.disk is not None or field in self._settings.model_fields_set

    def _object(self, declaration: Declaration, needs: Sequence[Resource]) -> NexusObject:
        """A child that depends on `needs`. On a managed Nexus it is deleted with the volume, without a request."""
        disk = self._args.disk
        if declaration.section in self._settings.retain:
            declaration = replace(declaration, on_delete=KEEP)
        opts = ResourceOptions(
            parent=self,
            provider=self._args.server,
            depends_on=list(needs) or self._before_all,
            deleted_with=disk.volume if disk else None,
            protect=self._settings.protect and KINDS[declaration.kind].holds_content,
        )
        return NexusObject.of(resource_name(declaration), declaration, opts)


def _secrets(body: Mapping[str, Any], paths: frozenset[tuple[str, ...]]) -> dict[str, Any]:
    """The body with the values at the paths as Pulumi secrets."""
    result = dict(body)
    for path in paths:
        if path[0] not in result:
            continue
        if len(path) == 1:
            result[path[0]] = Output.secret(result[path[0]])
        elif isinstance(result[path[0]], Mapping):
            result[path[0]] = _secrets(result[path[0]], frozenset({path[1:]}))
    return result


def _stays_unchanged(declaration: Declaration) -> bool:
    """Whether the object stays on the server when it leaves the stack file.

    A user that Nexus made itself stays too, but loses the roles of the stack.
    """
    permanent = KINDS[declaration.kind].is_permanent(declaration.name)
    adopted = bool(declaration.adopt) and declaration.on_delete != DELETE and not permanent
    return declaration.on_delete == KEEP or adopted


def resource_name(declaration: Declaration) -> str:
    if declaration.section not in MANY:
        return _NAMES.get(declaration.kind) or _dashed(declaration.section)
    kind = declaration.kind
    return _PREFIXES.get(kind, f"{_dashed(kind)}-") + declaration.name


def _dashed(key: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in key)
