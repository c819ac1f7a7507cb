"""What a program that this one starts has in its environment."""

import os
from collections.abc import Mapping

_PULUMI = "PULUMI_"


def child_environment(more: Mapping[str, str], of: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of docker or ssh: this program's, or `of`, without Pulumi's part, which holds the stack file.

    PULUMI_CONFIG has every secret in plain text, and whoever may look at a process may read its environment.
    """
    given = {**os.environ} if of is None else of
    return {**{name: value for name, value in given.items() if not name.startswith(_PULUMI)}, **more}
