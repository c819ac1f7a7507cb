from typing import Annotated, Literal

from pydantic import Field

from stacks.names import Email
from stacks.value import Adoption, Value


class User(Value):
    """A local user; its password is the secret `passwords.<user>` of the stack file."""

    first_name: str | None = None
    last_name: str | None = None
    email_address: Email | None = None
    status: Literal["active", "disabled"] = "active"
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    adopt: Adoption = False
    """Whether to adopt a user of this name that is on the server already."""
    on_delete: Literal["keep", "delete"] | None = None
    """What happens to it when it leaves the stack file; None keeps an adopted user and deletes any other."""
