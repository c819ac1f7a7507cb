from typing import Any, Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from stacks.value import Adoption, Value


class NexusObject(Value):
    """An object as in Nexus's REST API: the body of its create request, without its name.

    The body is checked later against the API's request schema (nexus.schema), with the rest of the topology.
    """

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, hide_input_in_errors=True)

    adopt: Adoption = False
    """Whether to adopt an object of this name that is on the server already."""
    on_delete: Literal["keep", "delete"] | None = None
    """What happens to it when it leaves the stack file; None keeps an adopted object and deletes any other."""

    @property
    def declared(self) -> dict[str, Any]:
        return dict(self.model_extra or {})
