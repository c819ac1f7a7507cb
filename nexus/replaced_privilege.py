"""Replaces a privilege by one of another type: Nexus removes a deleted privilege from every role."""

import threading

from nexus.objects.objects import Objects
from nexus.objects.ref import Ref

_ONE_AT_A_TIME = threading.Lock()


def roles_with(objects: Objects, privilege: str) -> tuple[str, ...]:
    """The ids of the roles that have it; Nexus's own read-only roles have only shipped privileges."""
    roles = objects.client.get("/v1/security/roles") or []
    return tuple(role["id"] for role in roles if not role.get("readOnly") and privilege in role["privileges"])


def add_to_roles(objects: Objects, privilege: str, roles: tuple[str, ...]) -> None:
    # One at a time: two replacements in the same role would overwrite each other's privileges.
    with _ONE_AT_A_TIME:
        for name in roles:
            ref = Ref("role", name)
            if (live := objects.live(ref)) is not None:
                objects.update(ref, {"privileges": sorted({*live["privileges"], privilege})})
