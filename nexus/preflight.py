"""Checks a new object in the preview: the server may have it already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nexus import schema
from nexus.advice import give_password, password
from nexus.errors import NotFound, Rejected
from nexus.kinds import KINDS
from nexus.model import Ref
from nexus.objects.objects import Objects, already_there
from nexus.objects.undeclared import refuse_undeclared
from nexus.problem import Problem
from nexus.recreation import refuse_content
from nexus.schema.violation import MISSING
from nexus.takeover import Takeover


@dataclass(frozen=True)
class PreflightResult:
    """Whether the object exists, and what prevents its creation."""

    exists: bool | None = None
    """None if the server could not be asked."""
    problems: list[str] = field(default_factory=list)
    differing: Mapping[str, Any] = field(default_factory=dict)
    """What of it changes, with the values on the server."""


@dataclass(frozen=True)
class Preflight:
    """Asks the server once per run for each kind; changes nothing."""

    objects: Objects

    def check(self, ref: Ref, body: Mapping[str, Any], adopts: bool) -> PreflightResult:
        """Checks an object that is not in the state; the result is empty if the server does not have its kind.

        Raises:
            NexusError: the server cannot be asked.
        """
        kind = KINDS[ref.kind]
        try:
            if kind.is_restored:
                return self._of_setting(ref, body)
            # Without `adopt`, an object that is found by its id is always created: two tasks may have one name.
            if not kind.is_collection or (kind.id_field and not adopts and not kind.body_key):
                return PreflightResult()
            return self._of_one(ref, body, adopts)
        except (NotFound, Rejected):
            return PreflightResult()

    def _of_setting(self, ref: Ref, body: Mapping[str, Any]) -> PreflightResult:
        kind, live = KINDS[ref.kind], self.objects.live(ref)
        if live is None:
            return PreflightResult(False)
        has_secrets = schema.known(ref.request) and schema.secret_paths(ref.request)
        return PreflightResult(
            True, list(self._refusals(ref, live, body)) if has_secrets else [], kind.theirs(ref, live, body)
        )

    def _of_one(self, ref: Ref, body: Mapping[str, Any], adopts: bool) -> PreflightResult:
        kind = KINDS[ref.kind]
        live = self.objects.at_first(ref, body)
        if live is None:
            is_new = adopts and not self._has_placeholder(ref)
            return PreflightResult(False, list(_missing(ref, body)) if is_new else [])
        if kind.is_disabled(ref, live):
            return PreflightResult(False)
        others = [] if adopts else kind.differing(ref, live, body)
        if others:
            return PreflightResult(True, [str(already_there(ref, others))])
        if not Takeover.changes(ref, live, body):
            return PreflightResult(True)
        problems = [*self._refusals(ref, live, body), *self._incomplete(ref, live, body)]
        return PreflightResult(True, problems, kind.theirs(ref, live, body))

    def _refusals(self, ref: Ref, live: Mapping[str, Any] | None, body: Mapping[str, Any]) -> Iterator[str]:
        kind = KINDS[ref.kind]
        try:
            kind.refuse_move(ref, lambda: self.objects.live(ref), body)
            refuse_undeclared(ref, live, body)
            kind.refuse_reset(ref, live, body)
            if live and kind.is_elsewhere(live, body):
                refuse_content(self.objects, ref, live)
        except Rejected as refusal:
            yield str(refusal)

    def _incomplete(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
        """Fields that the server requires with every change but does not show."""
        missing = KINDS[ref.kind].unshown(ref, live, body)
        if missing:
            fields = ", ".join(missing)
            problem = f"a change needs {fields}, which the server does not show"
            yield str(Problem(str(ref), problem, fix=f"declare {fields}"))

    def _has_placeholder(self, ref: Ref) -> bool:
        return self.objects.placeholder_of(ref) is not None


def refuse_incomplete(ref: Ref, body: Mapping[str, Any]) -> None:
    """Checks the declaration of an adopted object that is not there.

    Raises:
        Rejected: its declaration is not enough for a new one.
    """
    if problems := list(_missing(ref, body)):
        raise Rejected("\n".join(problems))


def _missing(ref: Ref, body: Mapping[str, Any]) -> Iterator[str]:
    """Fields that an existing object has already and that must be declared for a new one."""
    kind = KINDS[ref.kind]
    whole = kind.described(ref.name, kind.completed(ref.request, ref.name, body))
    missing = [found.path for found in schema.violations(ref.request, whole) if found.problem == MISSING]
    if kind.has_password and "password" in missing:
        missing.remove("password")
        problem = f"{ref} is not on the server, so a password is required"
        yield str(Problem(password(ref.name), problem, "a secret of the stack file", give_password(ref.name)))
    if missing:
        fields = ", ".join(missing)
        yield str(Problem(str(ref), f"is not on the server, so {fields} is required", fix=f"declare {fields}"))
