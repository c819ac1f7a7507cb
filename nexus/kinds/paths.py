"""What many kinds have in common: the paths of a list, and what is settled before the server reaches a remote."""

from typing import TypedDict

REMOTE = ("ssrfProtection", "http", "truststore")


class Paths(TypedDict):
    """Where an object is created, changed, removed and listed."""

    create: str
    item: str
    remove: str
    listing: str


def listed(path: str, key: str = "{name}") -> Paths:
    """A list at the path, to which POST adds an object, and each object below it by its name or id."""
    return {"create": path, "item": f"{path}/{key}", "remove": f"{path}/{key}", "listing": path}
