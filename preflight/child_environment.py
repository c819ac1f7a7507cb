"""The environment of child processes."""

import os
from collections.abc import Mapping

_PULUMI = "PULUMI_"


def child_environment(more: Mapping[str, str], of: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of docker or ssh: this program's, or `of`, without Pulumi's variables, which hold the stack file.

    PULUMI_CONFIG has every secret in plain text, and anybody who may inspect a process can read its environment.
    """
    given = {**os.environ} if of is None else of
    return {**{name: value for name, value in given.items() if not name.startswith(_PULUMI)}, **more}
