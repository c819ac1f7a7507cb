"""The base of all settings."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from nexus.kinds.base import STRICT


class Value(BaseModel):
    """A frozen value; its keys are in camelCase, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, hide_input_in_errors=True)


def truth(given: object) -> object:
    """Pulumi passes top-level values as text; `yes`, `on` and 1 are refused."""
    if isinstance(given, bool):
        return given
    if given in ("true", "false") and isinstance(given, str):
        return given == "true"
    raise ValueError("true or false")


def _adoption(given: object) -> object:
    try:
        return STRICT if given == STRICT else truth(given)
    except ValueError:
        raise ValueError(f"true, false or {STRICT}") from None


def _agreement(given: object) -> object:
    if isinstance(given, bool):
        return given
    raise ValueError("true or false, without quotes: nothing else accepts a licence agreement")


Flag = Annotated[bool, BeforeValidator(truth)]
"""true or false, and no other spelling."""
Adoption = Annotated[bool | Literal["strict"], BeforeValidator(_adoption)]
"""Whether to adopt the object if it is on the server already: with true, undeclared fields keep their values there;
with `strict`, they have our defaults or stay empty, as in an object that the stack made."""
Agreement = Annotated[bool, BeforeValidator(_agreement)]
"""An agreement, which only an unquoted `true` accepts."""


def as_text(given: object) -> object:
    """YAML reads an unquoted 1024 as a number, but the setting is text."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given
