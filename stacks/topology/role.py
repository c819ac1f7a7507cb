from typing import Literal

from stacks.value import Flag, Value


class Role(Value):
    """A role: Nexus's privileges and roles by name, or repositories that it may pull from or push to.

    `pull` and `push` stand for the privileges that Nexus makes for each repository
    (`nx-repository-view-<format>-<name>-<action>`): browse and read, and for push also add and edit.
    """

    name: str | None = None
    description: str = ""
    privileges: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    pull: tuple[str, ...] = ()
    push: tuple[str, ...] = ()
    adopt: Flag = False
    """Whether a role of this name that is on the server already may be taken over."""
    on_delete: Literal["keep", "delete"] | None = None
    """What happens to it when it leaves the stack file; what was taken over stays on the server, all else goes."""
