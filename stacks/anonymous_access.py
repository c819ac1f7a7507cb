"""What a client without a login may do."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from stacks.value import Flag, Value, truth

Name = Annotated[str, Field(min_length=1)]


class _AnonymousAccess(Value):
    enabled: Flag
    user_id: Name = "anonymous"
    """The user whose rights such a client has."""
    realm_name: Name = "NexusAuthorizingRealm"
    """The realm that knows the user's rights."""

    @property
    def body(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True)


def _spelled_out(given: object) -> object:
    return given if isinstance(given, Mapping | _AnonymousAccess) else {"enabled": truth(given)}


AnonymousAccess = Annotated[
    _AnonymousAccess, BeforeValidator(_spelled_out, json_schema_input_type=bool | _AnonymousAccess)
]
"""true or false, or a mapping: `enabled` with another user or realm than Nexus's own."""
NOBODY = _AnonymousAccess(enabled=False)
