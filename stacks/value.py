"""The base of all settings."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel


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


def _agreement(given: object) -> object:
    if isinstance(given, bool):
        return given
    raise ValueError("true or false, without quotes: nothing else accepts a licence agreement")


Flag = Annotated[bool, BeforeValidator(truth)]
"""true or false, and no other spelling."""
Agreement = Annotated[bool, BeforeValidator(_agreement)]
"""An agreement, which only an unquoted `true` accepts."""


def as_text(given: object) -> object:
    """YAML reads an unquoted 1024 as a number, but the setting is text."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given
