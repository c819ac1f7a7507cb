"""What somebody has added on a server: objects that the stack does not declare, above all administrators."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.errors import CommandError
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from cli.stack.wanted import wanted
from exports import state as exports
from exports.inventory import Inventory
from nexus.errors import NexusError, Unauthorized, Unreachable
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.kinds import KINDS
from nexus.objects.reader import Reader
from policy.access_rules import administers
from policy.rights import Rights
from policy.rule import Resource
from stacks.layout import NEXUS_TYPES
from stacks.unmanaged import Unmanaged, allows, names

_ADMIN = "admin"
_USERS = ("user", "samlUser", "oauth2User")


@dataclass(frozen=True)
class Additions:
    """Keys of the stack file, like users.mallory."""

    administrators: tuple[str, ...] = ()
    """Users who can administer the server and are not declared as such."""
    objects: tuple[str, ...] = ()
    """Everything else."""
    undeclared: Mapping[str, int] = field(default_factory=dict)
    """How many others there are by section, on an external Nexus without `unmanaged`: they are no drift."""

    @property
    def lines(self) -> list[str]:
        """One line each, the administrators first."""
        return [
            *(f"{key} is an administrator that the stack does not declare" for key in self.administrators),
            *(f"{key} is on the server and not in the stack; up leaves it there" for key in self.objects),
        ]


def unmanaged_of(stack: Stack) -> Unmanaged | None:
    """`unmanaged` of the stack file; None if additions are no drift, as usual on an external Nexus.

    Raises:
        CommandError: it is invalid.
    """
    given = stack.settings.unmanaged
    return {} if given is None and not stack.is_external else given


def of_stack(stack: Stack, environment: Mapping[str, str], *, counts: bool = False) -> Additions:
    """What is on the server of a deployed stack beside what its state has; nothing before the first `up`.

    With `counts` also the number of objects that are no drift, which an external Nexus has before the first `up` too.

    Raises:
        CommandError: Pulumi or the server does not answer.
    """
    unmanaged = unmanaged_of(stack)
    if unmanaged is None and not counts:
        return Additions()
    export = ("stack", "export", "--stack", stack.name, "--show-secrets")
    state = exports.plain(json.loads(pulumi(f"STACK={stack.name}", *export, env=environment)))
    try:
        if unmanaged is None:
            others = Inventory(Reader(NexusClient(_of_external(stack, state, environment)))).foreign(
                exports.managed(state)
            )
            return Additions(undeclared=Counter(each.section for each in others))
        return additions(Reader(NexusClient(exports.connection(state))), state, unmanaged)
    except ValueError:
        return Additions()  # nothing is deployed yet
    except NexusError as error:
        raise CommandError("drift", f"what was added on the server is not known: {error}") from None


def _of_external(stack: Stack, state: Mapping[str, Any], environment: Mapping[str, str]) -> Connection:
    """The connection to an external Nexus, before the first `up` by the stack file.

    Raises:
        ValueError: the stack file has no password.
    """
    if exports.managed(state):
        return exports.connection(state)
    shown = pulumi(f"STACK={stack.name}", "config", "--stack", stack.name, "--show-secrets", "--json", env=environment)
    nexus, password = stack.settings.external_nexus, wanted(json.loads(shown)).get("password")
    given = {"url": nexus.url, "password": password, "address": stack.settings.address, "caPem": nexus.ca_bundle}
    return Connection.configured(given.get)


def additions(reader: Reader, state: Mapping[str, Any], unmanaged: Unmanaged) -> Additions:
    """Compares the server with a state.

    Raises:
        NexusError: the server does not answer, or refuses the credentials.
    """
    declared = {_key(each["kind"], each["name"]) for each in _administrators(exports.objects_of(state))}
    administrators = {
        _key(user["kind"], user["name"])
        for user in _administrators(_live(reader))
        if user["name"] != _ADMIN and not names(unmanaged, KINDS[user["kind"]].section, user["name"])
    } - declared
    added = {
        each.key
        for each in Inventory(reader).added(exports.managed(state))
        if not allows(unmanaged, each.section, each.name)
    }
    return Additions(tuple(sorted(administrators)), tuple(sorted(added - administrators)))


def _key(kind: str, name: str) -> str:
    return f"{KINDS[kind].section}.{name}"


def _live(reader: Reader) -> Iterator[dict[str, Any]]:
    """The server's users, roles and privileges, in the form of a state."""
    for kind in ("role", "privilege", *_USERS):
        try:
            entries = reader.entries(kind)
        except (Unreachable, Unauthorized):
            raise
        except NexusError:
            continue  # this server or its licence does not have the kind
        for entry in entries:
            name = str(entry[KINDS[kind].identity])
            yield {"kind": kind, "name": name, "type": entry.get("type"), "body": entry}


def _administrators(objects: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found = [each for each in objects if each["kind"] in ("role", "privilege", *_USERS)]
    rights = Rights([Resource(f"{NEXUS_TYPES}{KINDS[each['kind']].token}", str(each["name"]), each) for each in found])
    by_roles: dict[tuple[str, ...], bool] = {}
    administrators = []
    for user in found:
        roles = tuple(map(str, user["body"].get("roles") or ())) if user["kind"] in _USERS else ()
        if roles and roles not in by_roles:
            by_roles[roles] = administers(rights, roles)
        if by_roles.get(roles):
            administrators.append(user)
    return administrators
