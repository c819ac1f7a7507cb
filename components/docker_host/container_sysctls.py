"""Checks that the engine accepts the sysctls of a container, before the running one is replaced for them."""

import json
from collections.abc import Mapping

from components.naming import physical
from nexus.problem import Problem
from preflight.engine_answer import engine_answer, engine_complaint
from stacks.rules.refusal import Refusal


def check_sysctls(environment: Mapping[str, str], role: str, sysctls: Mapping[str, str]) -> None:
    """Starts an idle container with these sysctls, if the running one of this role has others.

    Raises:
        Refusal: it does not start, because the kernel lacks the parameter or rejects the value.
    """
    if not sysctls:
        return
    running = engine_answer(
        environment, "inspect", "--format", "{{json .HostConfig.Sysctls}} {{.Image}}", physical(role)
    )
    if running is None:
        return
    has, image = running.rsplit(maxsplit=1)
    if json.loads(has) == sysctls:
        return
    options = [f"--sysctl={name}={value}" for name, value in sysctls.items()]
    command = ["run", "--rm", "--network=none", "--cap-drop=ALL", *options, "--entrypoint=sh", image, "-c", ":"]
    if complaint := engine_complaint(environment, *command):
        key = f"{role}.sysctls"
        allowed = f"what the kernel of the docker host supports ({complaint})"
        raise Refusal([Problem(key, "invalid value", allowed, f"edit {key} in the stack file", got=str(dict(sysctls)))])
