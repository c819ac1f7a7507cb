"""What `down` says before it removes a stack from an external server."""

from typing import Any

from exports.removal import outcome
from stacks.layout import NEXUS_TYPES


def state(*objects: dict[str, Any]) -> dict[str, Any]:
    resources = [{"type": f"{NEXUS_TYPES}Any", "outputs": {"name": str(at), **each}} for at, each in enumerate(objects)]
    return {"deployment": {"resources": resources}}


def test_what_stays_and_what_goes_is_said_by_kind_and_count() -> None:
    said = outcome(
        state(
            {"kind": "hostedRepositories"},
            {"kind": "role"},
            {"kind": "role", "adopted": False, "adopt": True},
            {"kind": "role", "adopted": True},
            {"kind": "role", "adopted": True, "onDelete": "delete"},
            {"kind": "user", "adopted": True, "gone": True},
            {"kind": "repository", "onDelete": "keep"},
            {"kind": "email"},
            {"kind": "realms", "onDelete": "keep"},
        )
    )
    assert said.splitlines() == [
        "removed from the server: 3 roles",
        "stays on the server, since it was adopted or the stack file keeps it: "
        "1 realms, 1 repositories, 1 roles, 1 users",
        "gets its prior value back: 1 email",
    ]


def test_a_stack_without_objects_says_nothing() -> None:
    assert outcome({"deployment": {"resources": []}}) == ""
