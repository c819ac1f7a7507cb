"""Reads and changes the objects of a run past the program, like the administration pages."""

from collections.abc import Iterable, Mapping
from typing import Any

import requests

from nexus import model
from nexus.kinds import ip_allowlist
from nexus.kinds.base import Kind
from tests.conformance.acceptance.subjects import Subject
from tests.conformance.acceptance.values import Change
from tests.integration.provider.play import Play

Body = dict[str, Any]
State = dict[str, Body | None]
"""The server's object of each subject, by label."""


class Asking:
    """Requests to one server."""

    def __init__(self, play: Play, document: Mapping[str, Any]) -> None:
        self._play = play
        self._document = document

    def _kind(self, subject: Subject) -> Kind:
        return subject.kind.on(lambda path: path in self._document["paths"])

    def state(self, subjects: Iterable[Subject]) -> State:
        listed = {entry["name"]: entry for entry in self._play.ask("GET", "/v1/repositorySettings").json()}
        return {
            subject.label: listed.get(subject.declaration.name)
            if subject.declaration.kind == "repository"
            else self.live(subject)
            for subject in subjects
        }

    def live(self, subject: Subject) -> Body | None:
        kind = self._kind(subject)
        return kind.from_response(self._found(subject, kind))

    def _found(self, subject: Subject, kind: Kind) -> Any:
        if kind.id_field:
            return self._entry(subject, kind)
        answer = self._play.ask("GET", subject.ref.path(kind.read or kind.item))
        if not answer.ok:
            return None
        found: Any = answer.json() if answer.content else None
        return kind.picked(subject.ref, found)

    def _entry(self, subject: Subject, kind: Kind) -> Any:
        assert kind.key
        answer = self._play.ask("GET", kind.listing).json()
        entries = answer[kind.page] if kind.page else answer
        return next((entry for entry in entries if kind.key(entry) == kind.key_of(subject.ref)), None)

    def change(self, subject: Subject, live: Body, changes: Iterable[Change]) -> list[Change]:
        """Makes one change after another by hand; returns those that the server accepts."""
        taken = []
        body: Any = model.deep_merge(live, subject.secrets)
        for change in changes:
            following = model.deep_merge(body, model.nested(change.path, change.value))
            if self.put(subject, following).ok:
                body = following
                taken.append(change)
        return taken

    def put(self, subject: Subject, body: Mapping[str, Any]) -> requests.Response:
        kind = self._kind(subject)
        found = self._found(subject, kind) if kind.id_field else {}
        ref = subject.ref.with_id(str((found or {}).get(kind.id_field, "")))
        return self._play.ask(kind.change_method, ref.path(kind.item), kind.request(ref, kind.both_names(body)))

    def remove(self, subject: Subject) -> requests.Response:
        kind = self._kind(subject)
        found = self._found(subject, kind) if kind.id_field else {}
        id_ = str((found or {}).get(kind.id_field, ""))
        if kind is ip_allowlist.ENTRY:
            return self._play.ask("DELETE", kind.remove, [id_])
        return self._play.ask("DELETE", subject.ref.with_id(id_).path(kind.remove))
