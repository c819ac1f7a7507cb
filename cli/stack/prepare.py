"""Prepares this machine before Pulumi runs: engine, Pulumi and images, in parallel."""

from collections.abc import Mapping

from cli.machine.engine import engine_steps
from cli.machine.progress import run_steps
from cli.machine.toolchain import pulumi_steps
from cli.stack.images import WantedImages
from cli.stack.stack import Stack


def prepare(stack: Stack, *, images: bool = True) -> Mapping[str, str]:
    """Installs and builds what is missing; images only for a stack of this machine, since others name published ones.

    Returns the settings of the images for the stack file, by key.

    Raises:
        CommandError, Ended: something is missing that cannot be installed or built here. What can be found out without
            building is reported first.
    """
    wanted = WantedImages(stack) if images and stack.is_own and not stack.is_external else None
    steps = [] if stack.is_external else engine_steps(stack.docker_host)
    steps += wanted.steps() if wanted else []
    run_steps([*pulumi_steps(), *steps])
    return wanted.settings() if wanted else {}
