"""What a change breaks for the store's users. A report begins with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reports.fields import intended
from reports.kinds import NEW_AUTHORITY, is_authority, kind, title
from reports.preview import Change, Operation, Preview, State
from reports.text import code, plain

_LOGINS = ("User", "Password")


class Harm(Enum):
    """How bad a risk is; the worst comes first."""

    LOSES_DATA = "loses data"
    OPENS = "opens the store to others"
    INTERRUPTS = "interrupts its users"


@dataclass(frozen=True)
class Risk:
    """One sentence about one resource."""

    harm: Harm
    subject: str
    sentence: str


def risks(preview: Preview) -> list[Risk]:
    """The risks of a preview, the worst first, in a stable order."""
    changes = [c for c in preview.changes if c.operation in (Operation.DELETE, Operation.REPLACE)]
    found = [risk for change in changes for risk in _of(change, preview.changes)]
    for change in preview.changes:
        found += [*_moved(change), *_anonymous(change), *_rotated(change, preview.project)]
    return sorted(found, key=lambda risk: (list(Harm).index(risk.harm), risk.subject, risk.sentence))


def _of(change: Change, changes: Iterable[Change]) -> Iterator[Risk]:
    describe = _DESCRIBED.get(kind(change))
    stays = change.operation is Operation.DELETE and change.state.inputs.get("onDelete") == "keep"
    if describe and not stays:
        yield from describe(change, changes)


def _moved(change: Change) -> Iterator[Risk]:
    """The provider's URL is the store's address."""
    if kind(change) != "Provider" or change.old is None or change.new is None:
        return
    for key, url in change.new.inputs.items():
        before = change.old.inputs.get(key)
        if key.endswith(":url") and before != url:
            yield Risk(
                Harm.INTERRUPTS,
                str(before),
                f"is no longer the store's address; the new one is {code(str(url))}: tell every client.",
            )


def _anonymous(change: Change) -> Iterator[Risk]:
    """Changes of access without a login."""
    if kind(change) != "AnonymousAccess" or change.operation is Operation.SAME:
        return
    before, after = (_body(state) for state in (change.old, change.new))
    who = plain(str(after.get("userId") or "anonymous"))
    if after.get("enabled") and not (before.get("enabled") and before.get("userId") == after.get("userId")):
        sentence = f"(access without a login) is on: everybody who reaches the store has the rights of the user {who}."
        yield Risk(Harm.OPENS, title(change), sentence)
    elif before.get("enabled") and not after.get("enabled"):
        sentence = "(access without a login) is switched off: requests without a login are refused from then on."
        yield Risk(Harm.INTERRUPTS, title(change), sentence)


def _body(state: State | None) -> Mapping[str, Any]:
    return (state.inputs.get("body") or {}) if state else {}


def _rotated(change: Change, project: str) -> Iterator[Risk]:
    if kind(change) not in _LOGINS or change.operation is not Operation.UPDATE:
        return
    if any(field.is_secret and field.path == "password" for field in intended(change, project)):
        sentence = "(login) gets another password: clients that still send the old one are refused from then on."
        yield Risk(Harm.INTERRUPTS, title(change), sentence)


def _repository(change: Change, changes: Iterable[Change]) -> Iterator[Risk]:
    inputs = change.old.inputs if change.old else {}
    what = plain(f"{inputs.get('format')} {inputs.get('type')}")
    verb = "is removed" if change.operation is Operation.DELETE else "is removed and recreated, empty"
    match inputs.get("type"):
        case "hosted":
            sentence = (
                f"({what}) {verb}: everything stored in it is lost. While it holds content, `up` refuses unless "
                f"`allowDataLoss` of the stack file names it."
            )
            yield Risk(Harm.LOSES_DATA, title(change), sentence + _renamed(change, changes))
        case "proxy":
            yield Risk(Harm.LOSES_DATA, title(change), f"({what}) {verb}: its cache is lost.")
        case _:
            yield Risk(Harm.INTERRUPTS, title(change), f"({what}) {verb}: clients that use its name fail meanwhile.")


def _renamed(change: Change, changes: Iterable[Change]) -> str:
    """A hint for what looks like a rename, which Nexus does not support."""
    mine = _unnamed(change)
    twins = [
        title(c) for c in changes if c.operation is Operation.CREATE and c.type == change.type and _unnamed(c) == mine
    ]
    if change.operation is not Operation.DELETE or len(twins) != 1:
        return ""
    return f" {code(twins[0])} differs only in name: Nexus cannot rename a repository, so the new one starts empty."


def _unnamed(change: Change) -> Any:
    return {key: value for key, value in change.state.inputs.items() if key != "name"}


def _blob_store(change: Change, changes: Iterable[Change]) -> Iterator[Risk]:
    name = change.state.inputs.get("name")
    purged = any(
        c.old is not None
        and kind(c) == "Command"
        and c.operation is Operation.DELETE
        and (c.old.inputs.get("environment") or {}).get("NAME") == name
        and (c.old.inputs.get("environment") or {}).get("ON_DELETE") == "purge"
        for c in changes
    )
    fate = "its files are purged" if purged else "Nexus forgets its content; its files stay on the data volume"
    yield Risk(Harm.LOSES_DATA, title(change), f"(blob store) is {_verb(change)}: {fate}.")


def _volume(change: Change, _changes: Iterable[Change]) -> Iterator[Risk]:
    if change.old and change.old.retained:
        yield Risk(Harm.INTERRUPTS, title(change), f"is {_verb(change)} in the stack; the volume itself is retained.")
    else:
        yield Risk(Harm.LOSES_DATA, title(change), f"(volume) is {_verb(change)}: everything on it is lost.")


def _container(change: Change, _changes: Iterable[Change]) -> Iterator[Risk]:
    end = "stays down" if change.operation is Operation.DELETE else "is down until the new one is ready"
    yield Risk(Harm.INTERRUPTS, title(change), f"(container) is {_verb(change)}: the store {end}. Volumes stay.")


def _authority(change: Change, _changes: Iterable[Change]) -> Iterator[Risk]:
    if is_authority(change.type, change.name):
        sentence = f"(certificate authority) is {_verb(change)}: {NEW_AUTHORITY}."
        yield Risk(Harm.INTERRUPTS, title(change), sentence)


def _account(change: Change, _changes: Iterable[Change]) -> Iterator[Risk]:
    what = kind(change).lower()
    refused = "logins as this user are" if what == "user" else "users without another role with these privileges are"
    yield Risk(Harm.INTERRUPTS, title(change), f"({what}) is {_verb(change)}: {refused} refused from then on.")


def _network(change: Change, _changes: Iterable[Change]) -> Iterator[Risk]:
    yield Risk(Harm.INTERRUPTS, title(change), f"(network) is {_verb(change)}: the store is down meanwhile.")


def _verb(change: Change) -> str:
    return "removed" if change.operation is Operation.DELETE else "replaced"


_DESCRIBED = {
    "Repository": _repository,
    "BlobStore": _blob_store,
    "Volume": _volume,
    "Container": _container,
    "Network": _network,
    "SelfSignedCert": _authority,
    "User": _account,
    "Role": _account,
}
