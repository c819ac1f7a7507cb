"""What the store holds, and how a stack file overrides the topology that it shares with others."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from stacks.blob_store import BlobStore
from stacks.repository import Repository
from stacks.role import Role
from stacks.user import User
from stacks.value import Value

SECTIONS = ("blobStores", "repositories", "roles", "users")


class Topology(Value):
    """Blob stores, repositories, roles and users, each in the order of the stack file."""

    blob_stores: Mapping[str, BlobStore] = Field(default_factory=dict)
    repositories: Mapping[str, Repository] = Field(default_factory=dict)
    roles: Mapping[str, Role] = Field(default_factory=dict)
    users: Mapping[str, User] = Field(default_factory=dict)


def merged(shared: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The shared topology with a stack's own words over it.

    Mappings are merged key by key, lists and scalars are replaced, a key set to null is taken out; what only
    the stack names comes last.
    """
    result = dict(shared)
    for key, value in overrides.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result
