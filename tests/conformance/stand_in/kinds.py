"""How the published client makes, reads, changes and deletes an object of a kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """An object of the API and the client's methods for it.

    A method is named by a verb and the noun (`create`, `roles`: create_roles), or in full where it is called otherwise;
    no name: there is no such method.
    """

    name: str
    api: str
    noun: str
    body: Any = None
    change: Body = field(default_factory=dict)

    key: str = ""
    """The field of the body by which the object is found; empty: there is only one."""
    named: str = ""
    """What that field is called in answers, where it has another name there."""
    created: str = ""
    """The field of the answer to the creation that has the key for the other methods, where the server gives it one."""

    create: str = "create"
    read: str = "get"
    """Or `list`: it is looked for in a list. Or `raw list`: in one that the client's models do not take."""
    items: str = ""
    """Where a listing has its objects."""
    update: str = "update"
    delete: str = "delete"

    update_body: Callable[[Body, Body], Any] | None = None
    """Makes the body of an update from that of the creation and the change."""
    hidden: frozenset[str] = frozenset()
    """Fields that no answer has as they were sent."""
    extra: tuple[Any, ...] = ()
    """Further arguments of all methods."""
    media: str = ""
    """The type of the body, where it is not what the client takes for it."""


def without_name(body: Body, change: Body) -> Body:
    return {name: value for name, value in {**body, **change}.items() if name != "name"}
