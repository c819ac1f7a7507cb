"""What a command needs of this machine before Pulumi runs: engine, Pulumi and images, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from cli.machine.engine import engine_steps
from cli.machine.images import WantedImages
from cli.machine.progress import run_steps
from cli.machine.toolchain import Pulumi, pulumi_steps, the_pulumi
from cli.stack.stack import Stack


@dataclass(frozen=True)
class Prepared:
    """What is there now."""

    pulumi: Pulumi
    settings: Mapping[str, str]
    """What the stack file has to say of its images, by key."""


def prepare(stack: Stack, *, images: bool = True) -> Prepared:
    """Makes what is missing. The images are those of a stack of this machine; others name theirs in their files.

    Raises:
        CommandError, Ended: something is missing that cannot be made here; what is known at once is reported
            before anything is made.
    """
    wanted = WantedImages(stack) if images and stack.is_own and not stack.is_external else None
    steps = [] if stack.is_external else engine_steps(stack.docker_host)
    steps += wanted.steps() if wanted else []
    run_steps([*pulumi_steps(), *steps])
    return Prepared(the_pulumi(), wanted.settings() if wanted else {})
