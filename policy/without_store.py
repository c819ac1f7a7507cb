"""Whether the program checks the mandatory rules itself. ./store gives Pulumi the whole policy pack instead."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.program import Noted

PACK = "REPOSITORY_STORE_POLICIES"
"""Set by ./store for commands that apply the policy pack where it has to hold, to one of the two below."""
NOTHING, COUNT = "pack", "count"
"""What is left to the program: nothing, or to count the known violations of a stack that has any."""


def noted(stack: str, password: str) -> "Noted | None":
    """Notes what the program declares from here on; None under ./store, which then does not even load the rules."""
    if os.environ.get(PACK) == NOTHING:
        return None
    from policy.program import Noted

    return Noted(stack, password, refuses=PACK not in os.environ)
