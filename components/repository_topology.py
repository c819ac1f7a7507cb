from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pydantic import SecretStr

from components.blob_store_files import BlobStoreFiles, BlobStoreFilesArgs
from components.docker_engine import DockerEngine
from components.naming import token
from nexus import schema
from nexus.resources import NexusObject, NexusObjectArgs
from nexus.server import Server
from nexus.shipped import REPOSITORIES as SHIPPED
from stacks.blob_store import BlobStore
from stacks.privileges import privileges
from stacks.repository import Repository
from stacks.role import Role
from stacks.settings import ADMIN, Settings
from stacks.user import User


@dataclass(frozen=True)
class RepositoryTopologyArgs:
    """What the server is to hold, the server, and the volume with which all of it goes."""

    settings: Settings
    server: Server
    engine: DockerEngine
    instance: Output[str]
    data: Resource


class RepositoryTopology(ComponentResource):
    """Everything on the server, declared in the order in which Nexus needs it there.

    No object's output is an input of another: names come from the settings, the order from depends_on.
    """

    def __init__(self, name: str, args: RepositoryTopologyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("RepositoryTopology"), name, None, opts)
        self._args = args
        self._settings = args.settings
        topology = args.settings.topology
        self._way_in = self._password()
        self._stores = {key: self._blob_store(key, store) for key, store in topology.blob_stores.items()}
        self._repositories: dict[str, NexusObject] = {}
        for key, repository in topology.repositories.items():
            self._repositories[key] = self._repository(key, repository)
        self._roles: dict[str, NexusObject] = {}
        for key, role in topology.roles.items():
            self._roles[key] = self._role(key, role)
        for key, user in topology.users.items():
            self._user(key, user, args.settings.passwords[key])
        self._security()
        self.register_outputs({})

    def _password(self) -> NexusObject:
        secret = self._settings.passwords[ADMIN].get_secret_value()
        body = {"password": Output.secret(secret), "instance": self._args.instance}
        password = self._object("admin-password", NexusObjectArgs("password", ADMIN, body), [])
        if not self._settings.nexus.accept_eula:
            return password
        return self._object("eula", NexusObjectArgs("eula", "eula", {"accepted": True}), [password])

    def _blob_store(self, name: str, store: BlobStore) -> NexusObject:
        args = self._args
        files = BlobStoreFiles(
            f"{name}-files",
            BlobStoreFilesArgs(name, store, args.engine),
            ResourceOptions(parent=self, deleted_with=args.data, depends_on=[self._way_in]),
        )
        body: dict[str, Any] = {"path": store.path or name}
        if store.soft_quota:
            body["softQuota"] = store.soft_quota.model_dump()
        return self._object(f"blob-store-{name}", NexusObjectArgs("blobStore", name, body, type=store.type), [files])

    def _repository(self, name: str, repository: Repository) -> NexusObject:
        body = schema.complete(repository.request, repository.declared)
        shipped = name in SHIPPED
        args = NexusObjectArgs(
            "repository",
            name,
            _secrets(body, schema.secret_paths(repository.request)),
            repository.format,
            repository.type,
            adopt=repository.adopt or shipped,
        )
        needs: list[Resource] = [self._repositories[member] for member in repository.members]
        if repository.blob_store in self._stores:
            needs.append(self._stores[repository.blob_store])
        return self._object(name, args, needs)

    def _role(self, name: str, role: Role) -> NexusObject:
        topology = self._settings.topology
        body = {
            "name": role.name or name,
            "description": role.description,
            "privileges": privileges(role, topology.repositories),
            "roles": list(role.roles),
        }
        needs = [self._repositories[key] for key in dict.fromkeys((*role.pull, *role.push))]
        needs += [self._roles[key] for key in role.roles if key in self._roles]
        return self._object(f"role-{name}", NexusObjectArgs("role", name, body), needs)

    def _user(self, name: str, user: User, password: SecretStr) -> None:
        body = {**user.model_dump(by_alias=True, mode="json"), "password": Output.secret(password.get_secret_value())}
        needs = [self._roles[key] for key in user.roles if key in self._roles]
        self._object(f"user-{name}", NexusObjectArgs("user", name, body), needs)

    def _security(self) -> None:
        realms = {"active": list(self._settings.realms)}
        anonymous = {"enabled": self._settings.anonymous_access}
        self._object("realms", NexusObjectArgs("realms", "realms", realms), [])
        self._object("anonymous-access", NexusObjectArgs("anonymous", "anonymous", anonymous), [])

    def _object(self, name: str, args: NexusObjectArgs, needs: Sequence[Resource]) -> NexusObject:
        """A child that is made after what it needs and goes with the data volume, without a request of its own."""
        opts = ResourceOptions(
            parent=self,
            provider=self._args.server,
            depends_on=list(needs) or ([self._way_in] if hasattr(self, "_way_in") else []),
            deleted_with=self._args.data,
        )
        return NexusObject.of(name, args, opts)


def _secrets(body: Mapping[str, Any], paths: frozenset[tuple[str, ...]]) -> dict[str, Any]:
    """The body with the values at the paths as Pulumi secrets."""
    result = dict(body)
    for path in paths:
        if path[0] not in result:
            continue
        if len(path) == 1:
            result[path[0]] = pulumi.Output.secret(result[path[0]])
        elif isinstance(result[path[0]], Mapping):
            result[path[0]] = _secrets(result[path[0]], frozenset({path[1:]}))
    return result
