from typing import Literal

from stacks.value import Adoption, Value


class Role(Value):
    """A role: privileges and roles of Nexus by name, or repositories to pull from or push to.

    `pull` and `push` stand for the privileges that Nexus makes for each repository
    (`nx-repository-view-<format>-<name>-<action>`): browse and read, and for push also add and edit.
    """

    name: str | None = None
    description: str = ""
    privileges: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    pull: tuple[str, ...] = ()
    push: tuple[str, ...] = ()
    adopt: Adoption = False
    """Whether to adopt a role of this name that is on the server already."""
    on_delete: Literal["keep", "delete"] | None = None
    """What happens to it when it leaves the stack file; None keeps an adopted role and deletes any other."""
