"""Creates many objects of Nexus without checkpoints.

Pulumi writes the whole state before and after each step, which is three quarters of the time of a first `up` of 1,000
repositories (docs/adr/0006). Objects of Nexus do not need it: the next `up` finds what a killed one has created.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from cli.paths import STACK_FILES
from cli.stack.stack import Stack
from cli.stack.state import State
from stacks.layout import NEXUS_TYPES
from stacks.stack_file import read_yaml
from stacks.topology.sections import MANY

WITHOUT_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
WORTH_IT = 100  # below that, the second run of Pulumi takes as long as the checkpoints

ALL_BUT_OBJECTS = ("--exclude", f"**${NEXUS_TYPES}**", "--exclude-dependents")


def are_to_be_made(stack: Stack, state: State) -> bool:
    """Whether the stack file has so many more objects than the state that doing without checkpoints pays off."""
    made = sum(str(resource["type"]).startswith(NEXUS_TYPES) for resource in state.resources)
    shared, given = _shared(stack.settings.given("topology")), stack.settings.given
    declared = sum(len(_mapping(shared.get(section)) | _mapping(given(section))) for section in MANY)
    return declared - made > WORTH_IT


def _shared(name: object) -> Mapping[str, Any]:
    """The shared topology; empty if it cannot be read, which the program reports."""
    try:
        return _mapping(read_yaml(STACK_FILES / str(name))) if name else {}
    except (OSError, ValueError, yaml.YAMLError):
        return {}


def _mapping(found: object) -> dict[str, Any]:
    return dict(found) if isinstance(found, Mapping) else {}
