"""Keys that a stack file may not have beside `nexus.url`, since the stack then deploys no container."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from nexus.advice import key_at
from nexus.problem import Problem
from stacks.external_nexus import ExternalNexus, web_address
from stacks.layout import KEPT_VOLUMES
from stacks.managed_nexus import ManagedNexus
from stacks.rules.shown import shown

_OF_CONTAINERS = ("docker", "nginx", "tls", "backup", "imageSignatures")
_KEYS = frozenset(str(field.alias) for field in ManagedNexus.model_fields.values()) - frozenset(
    str(field.alias) for field in ExternalNexus.model_fields.values()
)


def problems(given: Mapping[str, Any]) -> list[Problem]:
    """Every key that contradicts `nexus.url`; only the URL itself if that is wrong."""
    url = given["nexus"]["url"]
    try:
        host = urlsplit(web_address(str(url))).hostname
    except ValueError as error:
        return [Problem("nexus.url", "invalid value", str(error), "pulumi config set --path nexus.url URL")]
    return [_contradiction(key) for key in _contradicting(given)] + list(_wrong_name(given, host))


def _contradicting(given: Mapping[str, Any]) -> Iterator[str]:
    for section in _OF_CONTAINERS:
        found = given.get(section)
        if isinstance(found, Mapping):
            yield from (key_at(section, key) for key in found)
        elif found is not None:
            yield section
    yield from (f"nexus.{key}" for key in given["nexus"] if key in _KEYS)
    retained = given.get("retain")
    if isinstance(retained, list):
        yield from (f"retain: {volume}" for volume in KEPT_VOLUMES if volume in retained)
    stores = given["topology"].get("blobStores")
    for name, store in stores.items() if isinstance(stores, Mapping) else ():
        if isinstance(store, Mapping) and store.get("onDelete") == "purge":
            yield key_at("blobStores", name, "onDelete")


def _contradiction(key: str) -> Problem:
    given = "not applicable with nexus.url, since the stack deploys no container"
    return Problem(key, given, f"either {key} or nexus.url", f"remove {key}, or: pulumi config rm --path nexus.url")


def _wrong_name(given: Mapping[str, Any], host: str | None) -> Iterator[Problem]:
    if given.get("hostname", host) != host:
        yield Problem(
            "hostname",
            "differs from nexus.url",
            f"{host}, as in nexus.url",
            "pulumi config rm hostname",
            got=shown(given["hostname"]),
        )
