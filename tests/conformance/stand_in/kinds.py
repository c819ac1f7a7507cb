"""How the published client creates, reads, changes and deletes an object of a kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """An object of the API and the client's methods for it.

    A method is given by its verb (`create` with the noun `roles` is create_roles) or its full name; empty if there is
    none.
    """

    name: str
    api: str
    noun: str
    body: Any = None
    change: Body = field(default_factory=dict)

    key: str = ""
    """The field of the body that identifies the object; empty if there is only one object."""
    named: str = ""
    """The name of that field in answers, if it differs."""
    created: str = ""
    """The field of the create answer with the key for the other methods, if the server generates it."""

    create: str = "create"
    read: str = "get"
    """Or `list`: it is found in a list. Or `raw list`: in a list that the client's models refuse."""
    items: str = ""
    """The field of a listing with its objects."""
    update: str = "update"
    delete: str = "delete"

    update_body: Callable[[Body, Body], Any] | None = None
    """Makes the body of an update from the created body and the change."""
    hidden: frozenset[str] = frozenset()
    """Fields that answers do not contain as sent."""
    extra: tuple[Any, ...] = ()
    """More arguments of all methods."""
    media: str = ""
    """The media type of the body, if the client's default is wrong."""


def without_name(body: Body, change: Body) -> Body:
    return {name: value for name, value in {**body, **change}.items() if name != "name"}
