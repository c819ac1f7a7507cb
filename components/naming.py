"""The names that Docker sees. They carry project and stack, since two stacks may share an engine."""

import pulumi


def physical(role: str) -> str:
    """The Docker name of what plays the role, like `repository-store-local-nexus`."""
    return f"{pulumi.get_project()}-{pulumi.get_stack()}-{role}"


def token(kind: str) -> str:
    """The type token of a component; it is an on-disk format."""
    return f"repository-store:components:{kind}"
