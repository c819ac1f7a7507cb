"""Drift of every field of adopted objects: each is changed by hand, shown by a refresh and repaired by an update.

One field of every object changes in each round. The provider is called as Pulumi calls it, since hundreds of its
commands would take hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from pulumi.dynamic import Config, ConfigureRequest

from exports.state import objects_of, plain, provider_inputs
from nexus import model
from nexus.kinds.special import inputs
from nexus.objects.unset import UNSET
from nexus.provider import NexusProvider
from tests.conformance.acceptance.asking import Asking, Body
from tests.conformance.acceptance.subjects import Subject
from tests.conformance.acceptance.values import Change
from tests.integration.provider.play import Play

# Fields that the server sets itself.
_OF_THE_SERVER = {
    *("updatedAt", "updatedBy", "effectiveMode", "ipv4AddressesCovered", "ipv6AddressesCovered"),
    ("startDate",),  # of a cron schedule
    ("nextRun",),
}
# Parts that are empty on most objects, as somebody would add them.
_PARTS: dict[model.Path, Body] = {
    ("cleanup",): {"policyNames": ["old"]},
    ("softQuota",): {"type": "spaceUsedQuota", "limit": 10**9},
    ("httpClient", "authentication"): {"type": "username", "username": "theirs", "password": "theirs"},
    ("cargo",): {"requireAuthentication": True},
}


@dataclass
class Drift:
    """What became of the fields of one object."""

    repaired: list[str] = field(default_factory=list)
    """Changed by hand, shown and repaired."""
    refused: list[str] = field(default_factory=list)
    """The server accepts no other value for them, or keeps none."""
    faults: dict[str, str] = field(default_factory=dict)


class Drifting:
    """Takes the objects of a deployed stack through the drift of each of their fields."""

    def __init__(self, play: Play, asking: Asking, subjects: list[Subject]) -> None:
        state = play.secret_state()
        self._asking, self._subjects = asking, subjects
        self._config = provider_inputs(state)
        self._objects: dict[tuple[str, str], Body] = {
            (each["kind"], each["name"]): each for each in (plain(each) for each in objects_of(state))
        }
        self.found: dict[Subject, Drift] = {one: Drift() for one in subjects}

    def run(self) -> None:
        todo = {one: self._changes(one, self._asking.live(one) or {}) for one in self._subjects}
        for turn in range(max(map(len, todo.values()), default=0)):
            self._round({one: changes[turn] for one, changes in todo.items() if turn < len(changes)})

    def _changes(self, one: Subject, live: Body) -> list[Change]:
        unseen = {path[0] if len(path) == 1 else path for path in one.kind.hidden(one.ref, live)}
        known = (change for change in one.changes(live, {}) if change.path not in one.kind.replaces)
        managed = [change for change in known if change.is_declared or not one.is_setting]
        unseen |= set(one.kind.response_aliases)
        found = [change for change in managed if not change.is_secret and not {change.path, change.path[0]} & unseen]
        return found + [Change(path, part) for path, part in _PARTS.items() if self._is_unset(one, path)]

    def _is_unset(self, one: Subject, path: model.Path) -> bool:
        return model.dotted(path) in self._objects[one.key].get(UNSET, ())

    def drift(self, one: Subject) -> bool:
        """Changes the first of its fields by hand."""
        live = self._asking.live(one) or {}
        taken = [change for change in self._changes(one, live) if change.dotted == self.found[one].repaired[0]]
        return self._by_hand(one, live, taken[0])

    def _round(self, changes: Mapping[Subject, Change]) -> None:
        before = {one: self._asking.live(one) or {} for one in changes}
        changed = {one: change for one, change in changes.items() if self._by_hand(one, before[one], change)}
        provider = NexusProvider()
        provider.configure(ConfigureRequest(cast(Config, SimpleNamespace(get=self._config.get))))
        for one, change in changed.items():
            fault = self._mended(provider, one, change) or difference(one, before[one], self._asking.live(one))
            if fault:
                self.found[one].faults[change.dotted] = fault
            else:
                self.found[one].repaired.append(change.dotted)

    def _by_hand(self, one: Subject, live: Body, change: Change) -> bool:
        """Whether the server has another value afterwards."""
        body = model.deep_merge(model.deep_merge(live, one.secrets), model.nested(change.path, change.value))
        if self._asking.put(one, body).ok and difference(one, live, self._asking.live(one)):
            return True
        self.found[one].refused.append(change.dotted)
        return False

    def _mended(self, provider: NexusProvider, one: Subject, change: Change) -> str:
        """Refreshes and updates it; returns what is wrong."""
        state = self._objects[one.key]
        read = provider.read(one.label, state).outs or {"body": None}
        shown = {model.dotted(path) for path in one.kind.changes(read["body"], state["body"])}
        if not any(
            f"{change.dotted}.".startswith(f"{path}.") or path.startswith(f"{change.dotted}.") for path in shown
        ):
            return f"a refresh shows {', '.join(sorted(shown)) or 'nothing'}"
        if not provider.diff(one.label, read, inputs(state)).changes:
            return "a refresh shows it, and no preview does"
        self._objects[one.key] = provider.update(one.label, read, inputs(state)).outs or {}
        return ""


def difference(one: Subject, before: Any, after: Any) -> str:
    """The differences between two versions of an object."""
    if before is None or after is None:
        return "" if before is after else f"is {'gone' if after is None else 'there'}"
    paths = [path for path in one.kind.changes(before, after) if not {path, path[-1]} & _OF_THE_SERVER]
    differences = [
        f"{model.dotted(path)} is {model.at(after, path)!r}, not {model.at(before, path)!r}" for path in paths
    ]
    return "; ".join(differences)
