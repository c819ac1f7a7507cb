"""Whether the program checks the mandatory rules itself. ./store gives Pulumi the whole policy pack instead."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.program import Noted

PACK = "REPOSITORY_STORE_POLICIES"
"""Set by ./store for commands that apply the policy pack where it has to hold."""


def noted(stack: str, password: str) -> "Noted | None":
    """Notes what the program declares from here on; None under ./store, which then does not even load the rules.

    The known violations of a stack are counted in any case.
    """
    from policy.baseline import file_of

    if PACK in os.environ and not file_of(stack).exists():
        return None
    from policy.program import Noted

    return Noted(stack, password, refuses=PACK not in os.environ)
