"""The names that Docker sees. They carry project and stack, since two stacks may share an engine."""

import pulumi


def physical(role: str) -> str:
    """The Docker name of what plays the role in the stack that is run, like `repository-store-local-nexus`."""
    return docker_name(pulumi.get_project(), pulumi.get_stack(), role)


def docker_name(project: str, stack: str, role: str) -> str:
    return f"{project}-{stack}-{role}"


def token(kind: str) -> str:
    """The type token of a component; it is an on-disk format."""
    return f"repository-store:components:{kind}"
