"""What a program that this one starts has in its environment."""

import os
from collections.abc import Mapping

_PULUMI = "PULUMI_"


def child_environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of docker or ssh: this program's without Pulumi's part of it, which holds the whole stack file.

    PULUMI_CONFIG has every secret in plain text, and whoever may look at a process may read its environment.
    """
    return {**{name: value for name, value in os.environ.items() if not name.startswith(_PULUMI)}, **more}
