from typing import Annotated, Literal

from pydantic import Field

from stacks.value import Value


class User(Value):
    """A local user; its password is the secret `passwords.<user>` of the stack file."""

    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    status: Literal["active", "disabled"] = "active"
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
