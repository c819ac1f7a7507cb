"""The base of everything that a stack file says."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Value(BaseModel):
    """A frozen value; its keys are written in camelCase and none but the named ones are taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, hide_input_in_errors=True)


def as_text(given: object) -> object:
    """YAML reads 0 and 1024 as numbers where text is meant."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given
