"""Shared by many kinds: the paths of a collection, and what is applied before the server connects to a remote."""

from typing import TypedDict

REMOTE = ("ssrfProtection", "http", "truststore")


class Paths(TypedDict):
    """Where an object is created, changed, removed and listed."""

    create: str
    item: str
    remove: str
    listing: str


def listed(path: str, key: str = "{name}") -> Paths:
    """A collection at the path: POST there adds an object, and each object is below it by its name or id."""
    return {"create": path, "item": f"{path}/{key}", "remove": f"{path}/{key}", "listing": path}
