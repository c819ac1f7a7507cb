"""Everything that a stack declares on Nexus."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model

from stacks.topology.blob_store import BlobStore
from stacks.topology.nexus_object import NexusObject
from stacks.topology.privilege import Privilege
from stacks.topology.repository import Repository
from stacks.topology.role import Role
from stacks.topology.sections import MANY, ONE
from stacks.topology.user import User
from stacks.value import Value


def _sections() -> dict[str, Any]:
    many: Any = (Mapping[str, NexusObject], Field(default_factory=dict))
    found = {_attribute(section): many for section in MANY}
    return {**found, **{_attribute(section): (NexusObject | None, None) for section in ONE}}


def _attribute(section: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in section)


if TYPE_CHECKING:
    _Sections = Value
else:
    _Sections = create_model("_Sections", __base__=Value, **_sections())


class Topology(_Sections):
    """The topology; each section is in the order of the stack file.

    Each kind of object has a section. Those below have a type of their own, or are used in code by name.
    """

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
    capabilities: Mapping[str, NexusObject] = Field(default_factory=dict)
    tasks: Mapping[str, NexusObject] = Field(default_factory=dict)

    ip_allowlist: NexusObject | None = None

    def named(self, section: str) -> Mapping[str, Any]:
        """The objects of a section by name; a setting's name is its section."""
        declared = getattr(self, _attribute(section))
        return declared if section in MANY else {section: declared} if declared else {}
