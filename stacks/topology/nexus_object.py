from typing import Any, Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from stacks.value import Flag, Value


class NexusObject(Value):
    """An object in the words of Nexus's REST API: the body of the request that makes it, without its name.

    What the body may hold is the API's request schema (nexus.schema), checked for the whole topology at once.
    """

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, hide_input_in_errors=True)

    adopt: Flag = False
    """Whether an object of this name that is on the server already may be taken over."""
    on_delete: Literal["keep", "delete"] | None = None
    """What happens to it when it leaves the stack file; what was taken over stays on the server, all else goes."""

    @property
    def declared(self) -> dict[str, Any]:
        return dict(self.model_extra or {})
