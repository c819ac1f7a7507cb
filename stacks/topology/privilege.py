from pydantic import field_validator

from nexus import schema
from stacks.topology.nexus_object import NexusObject

TYPES = tuple(name.removeprefix("privilege/") for name in schema.requests() if name.startswith("privilege/"))


class Privilege(NexusObject):
    """A privilege of one of Nexus's types, with the fields and actions that the type has."""

    type: str

    @field_validator("type")
    @classmethod
    def _type_is_known(cls, value: str) -> str:
        if value not in TYPES:
            raise ValueError(f"one of {', '.join(TYPES)}")
        return value
