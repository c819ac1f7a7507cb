"""The base of everything that a stack file says."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel


class Value(BaseModel):
    """A frozen value; its keys are written in camelCase and none but the named ones are taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, hide_input_in_errors=True)


def truth(given: object) -> object:
    """Pulumi hands the values of the first level over as texts; `yes`, `on` and 1 are none of YAML's two words."""
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
"""true or false, and no other word for them."""
Agreement = Annotated[bool, BeforeValidator(_agreement)]
"""What a person agrees to, by the one word `true`."""


def as_text(given: object) -> object:
    """YAML reads 0 and 1024 as numbers where text is meant."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given
