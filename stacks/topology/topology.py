"""What the store holds, and how a stack file overrides the topology that it shares with others."""

from collections.abc import Mapping

from pydantic import Field

from stacks.topology.blob_store import BlobStore
from stacks.topology.nexus_object import NexusObject
from stacks.topology.privilege import Privilege
from stacks.topology.repository import Repository
from stacks.topology.role import Role
from stacks.topology.user import User
from stacks.value import Value


class Topology(Value):
    """Everything on the server, each section in the order of the stack file."""

    blob_stores: Mapping[str, BlobStore] = Field(default_factory=dict)
    routing_rules: Mapping[str, NexusObject] = Field(default_factory=dict)
    cleanup_policies: Mapping[str, NexusObject] = Field(default_factory=dict)
    repositories: Mapping[str, Repository] = Field(default_factory=dict)
    scripts: Mapping[str, NexusObject] = Field(default_factory=dict)
    content_selectors: Mapping[str, NexusObject] = Field(default_factory=dict)
    privileges: Mapping[str, Privilege] = Field(default_factory=dict)
    roles: Mapping[str, Role] = Field(default_factory=dict)
    users: Mapping[str, User] = Field(default_factory=dict)
    saml_users: Mapping[str, NexusObject] = Field(default_factory=dict)
    oauth2_users: Mapping[str, NexusObject] = Field(default_factory=dict)
    ip_allowlist_entries: Mapping[str, NexusObject] = Field(default_factory=dict)
    truststore: Mapping[str, NexusObject] = Field(default_factory=dict)
    ldap: Mapping[str, NexusObject] = Field(default_factory=dict)
    capabilities: Mapping[str, NexusObject] = Field(default_factory=dict)
    tasks: Mapping[str, NexusObject] = Field(default_factory=dict)

    ssrf_protection: NexusObject | None = None
    ip_allowlist: NexusObject | None = None
    http_proxy: NexusObject | None = None
    saml: NexusObject | None = None
    oauth2: NexusObject | None = None
    crowd: NexusObject | None = None
    user_tokens: NexusObject | None = None
    email: NexusObject | None = None
    iq_server: NexusObject | None = None
    telemetry_acknowledgement: NexusObject | None = None


SECTIONS = tuple(str(field.alias) for field in Topology.model_fields.values())
