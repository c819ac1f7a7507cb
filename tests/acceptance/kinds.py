"""Every other kind, a section of the stack file after the other."""

from collections.abc import Callable
from typing import Any

from nexus.schema.merging import merged
from tests.acceptance.repositories import reason
from tests.acceptance.subjects import kinds_of
from tests.acceptance.table import Table
from tests.provider.play import Failed, Play
from tests.provider.samples import CHANGES, everything_else
from tests.provider.test_every_kind import DRIFTS, READ

# What an object of a section refers to; it is made with it.
_NEEDS = {
    "contentSelectors": (),
    "privileges": ("blobStores", "cleanupPolicies", "routingRules", "contentSelectors", "repositories"),
    "roles": ("blobStores", "cleanupPolicies", "routingRules", "contentSelectors", "repositories", "privileges"),
}
_NEEDS["users"] = (*_NEEDS["roles"], "roles")
_MADE_ONCE = ("realms", "anonymousAccess")  # settings that every server has


class Kinds:
    """One stack for all sections."""

    def __init__(self, play: Play, table: Table, document: dict[str, Any], save: Callable[[], None]) -> None:
        self._save = save
        self._play, self._table = play, table
        self._samples = everything_else()
        self._sections = [name for name, there in kinds_of(document).items() if there]
        if "DockerToken" not in {one["id"] for one in play.ask("GET", "/v1/security/realms/available").json()}:
            self._samples["realms"] = ["NexusAuthenticatingRealm", "DefaultRole"]

    def run(self) -> None:
        base = dict(self._play.wanted)
        for section in self._sections:
            self._play.wanted = {**base, **{name: self._samples[name] for name in (*_NEEDS.get(section, ()), section)}}
            if section == "users":
                self._play.wanted["passwords"] = {**base["passwords"], "bob": "the-bob-password"}
            print(f"{section}: all steps", flush=True)
            self._one(section)
            self._play.wanted = dict(base)
            self._stage(section, "remove", self._play.up)
            self._save()

    def _stage(self, section: str, stage: str, step: Any) -> str:
        try:
            text: str = step()
        except Failed as failed:
            self._table.note(section, stage, reason(failed))
            return ""
        self._table.note(section, stage)
        return text

    def _one(self, section: str) -> None:
        self._stage(section, "create", self._play.up)
        self._stage(section, "empty preview", lambda: self._play.preview("--refresh", "--expect-no-changes"))
        if section in DRIFTS:
            self._drift(section)
        if section in CHANGES:
            self._play.wanted = merged(self._play.wanted, {section: CHANGES[section]})
            text = self._stage(section, "each field", self._play.up)
            if text and ("updated" not in text or "replaced" in text):
                self._table.note(section, "each field", "a changed field is no update")

    def _live(self, section: str) -> Any:
        answer = self._play.ask("GET", READ[section])
        found = answer.json() if answer.ok else None
        return (found or [None])[0] if isinstance(found, list) else found

    def _drift(self, section: str) -> None:
        method, path, change = DRIFTS[section]
        live = self._live(section)
        if not live:
            self._table.note(section, "drift", "it cannot be read")
            return
        answer = self._play.ask(method, path, {**live, **change})
        if not answer.ok:
            self._table.note(section, "drift", f"the change by hand was refused: {answer.status_code} {answer.text}")
            return
        text = self._stage(section, "drift", lambda: self._play.preview("--refresh"))
        if text and "update" not in text:
            self._table.note(section, "drift", "a preview with refresh shows no difference")
        self._stage(section, "drift", lambda: self._play.up("--refresh"))
        if self._live(section) != live:
            self._table.note(section, "drift", "is not as before after the up")
