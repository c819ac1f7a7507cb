"""The names of Docker objects. They contain project and stack, since two stacks may share an engine."""

import pulumi


def physical(role: str) -> str:
    """The Docker name for a role in the current stack, like `repository-store-local-nexus`."""
    return docker_name(pulumi.get_project(), pulumi.get_stack(), role)


def docker_name(project: str, stack: str, role: str) -> str:
    return f"{project}-{stack}-{role}"


def token(kind: str) -> str:
    """The type token of a component. States contain it, so it must not change."""
    return f"repository-store:components:{kind}"
