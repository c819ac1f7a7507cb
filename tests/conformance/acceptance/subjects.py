"""The objects of a stack file that can be tried on a server, according to the server's own API document."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexus import model, schema
from nexus.kinds import KINDS
from nexus.kinds.base import STRICT, Kind
from nexus.model import Ref
from nexus.objects.declaration import Declaration, Need
from stacks.settings import Settings
from stacks.topology.declarations import declarations
from stacks.topology.sections import MANY
from tests.conformance.acceptance.values import Change, change_of, fields, left_out

_STACKS = Path(__file__).parents[3] / "stacks"
_OF_USER = {"password": "passwords"}


@dataclass(frozen=True, eq=False)
class Subject:
    """An object of the stack file; its row is named after the request that creates it."""

    declaration: Declaration

    @property
    def label(self) -> str:
        return self.declaration.request

    @property
    def need(self) -> Need:
        return self.declaration.section, self.declaration.name

    @property
    def key(self) -> tuple[str, str]:
        """Its kind and name in Pulumi's events."""
        return self.declaration.kind, self.declaration.name

    @property
    def kind(self) -> Kind:
        return KINDS[self.declaration.kind]

    @property
    def is_setting(self) -> bool:
        return not self.kind.is_collection

    @property
    def ref(self) -> Ref:
        return self.declaration

    @property
    def secrets(self) -> dict[str, Any]:
        """The secrets that a request by hand must send, since no answer has them."""
        body: Any = {}
        for path in schema.secret_paths(self.label):
            if (value := model.at(self.declaration.body, path)) is not None:
                body = model.deep_merge(body, model.nested(path, value))
        return dict(body)

    def changes(self, live: Mapping[str, Any], reasons: dict[str, str]) -> Iterator[Change]:
        """Yields another value for each field; `reasons` gets the unchanged fields with the reason."""
        body = self.declaration.body
        for path, part, value in self._fields(live):
            dotted = model.dotted(path)
            reason = left_out(self.label, dotted)
            if not reason:
                declared = model.at(body, path) is not None
                if change := change_of(self.label, path, part, value, declared=declared):
                    yield change
                    continue
                reason = "since nothing says another value"
            reasons[dotted] = reason

    def _fields(self, live: Mapping[str, Any]) -> Iterator[tuple[model.Path, Any, Any]]:
        if wrapped := self.kind.body_key:
            yield (wrapped,), {}, live.get(wrapped)
            return
        yield from fields(self.label, {**self.declaration.body, **self._password()}, live)

    def _password(self) -> dict[str, str]:
        return {"password": ""} if self.declaration.kind == "user" else {}

    def changed(self, wanted: Mapping[str, Any], change: Change) -> dict[str, Any]:
        """The stack file with the change."""
        section, name = self.need
        if self.declaration.kind == "user" and change.path == ("password",):
            return dict(model.deep_merge(wanted, {"passwords": {name: change.value}}))
        value = change.value if self.kind.body_key else model.nested(change.path, change.value)
        return dict(model.deep_merge(wanted, {section: {name: value} if section in MANY else value}))

    def adopted(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The stack file that adopts the existing object and removes it with the stack."""
        section, name = self.need
        if section not in MANY:
            return dict(wanted)
        goes = {} if section == "blobStores" else {"onDelete": "delete"}  # for blob stores it would purge their files
        return dict(model.deep_merge(wanted, {section: {name: {"adopt": STRICT, **goes}}}))


def subjects(wanted: Mapping[str, Any]) -> list[Subject]:
    """All objects of a stack file, in the order of their dependencies."""
    settings = Settings.of(wanted, _STACKS)
    found = [Subject(declaration) for declaration in declarations(settings.topology)]
    apart = (
        Declaration("realms", "realms", body={"active": list(settings.realms)}),
        Declaration("anonymous", "anonymous", body=settings.anonymous_access.body),
    )
    return [*found, *(Subject(each) for each in apart if each.section in wanted)]


def first_of_each(found: Iterable[Subject]) -> list[Subject]:
    """The first one for each request."""
    firsts: dict[str, Subject] = {}
    for one in found:
        firsts.setdefault(one.label, one)
    return list(firsts.values())


def lacking(document: Mapping[str, Any], subject: Subject) -> str:
    """Why a server with this document does not support the object; empty if it does."""
    kind, declared = subject.kind, subject.declaration
    if not kind.is_documented:
        return ""  # the fallback is in no document and on every server
    method, template = kind.operation or ("", "")
    path = template.replace("{format}", declared.format).replace("{type}", declared.type)
    operations = document["paths"].get(path.removeprefix("/service/rest"), {})
    if method.lower() in operations:
        return ""
    return "the server takes none over its API" if operations else "the server has none"
