"""Reads sections of a stack file as the program's models, without Pulumi and without the passphrase.

A mistake is refused when the setting is read that has it, so that a command can work with the others.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from nexus.advice import key_at, setting
from nexus.problem import Problem
from stacks.pem import FOLDER
from stacks.rules.stack_file_rules import sealed
from stacks.secret_names import names_secret
from stacks.value import Value

_Section = TypeVar("_Section", bound=Value)
_Place = tuple[str, ...]


class _Unread(Exception):
    def __init__(self, *problems: Problem) -> None:
        self.problems = problems


@dataclass(frozen=True)
class Reading:
    """The settings of a file by key, and how a wrong one is refused."""

    given: Mapping[str, Any]
    folder: Path
    """Of the stack file; PEM files are beside it."""
    refusal: Callable[[Sequence[Problem]], Exception]

    def value(self, key: str, kind: Any) -> Any:
        """The setting of a key that the file has, as a value of that type.

        Raises:
            refusal: it is wrong or encrypted.
        """
        try:
            return self._value(kind, self.given[key], (key,))
        except _Unread as unread:
            raise self.refusal(unread.problems) from None

    def section(self, key: str, model: type[_Section]) -> _Section:
        """The section of that key, with its defaults; a field that is wrong, missing or encrypted raises when read.

        Raises:
            refusal: it is not a section at all.
        """
        given = self.given.get(key, {})
        if _is_plain(given):
            return self._section(model, given, (key,))
        found: _Section = self.value(key, model)
        return found

    def _value(self, kind: Any, given: Any, place: _Place) -> Any:
        if _is_sealed(given):
            raise _Unread(_encrypted(place))
        try:
            return TypeAdapter(kind).validate_python(given, context=self._context)
        except ValidationError as error:
            raise _Unread(*self._explained(_details(error), place)) from None

    def _section(self, model: type[_Section], given: Mapping[str, Any], place: _Place) -> _Section:
        try:
            whole = model.model_validate(given, context=self._context)
        except ValidationError as error:
            details = _details(error)
        else:
            details = []
            if not _is_sealed(given):
                return whole
        found: dict[str, Any] = {}
        unread: dict[str, Sequence[Problem]] = {}
        for name, field in model.model_fields.items():
            key = str(field.alias)
            wrong = [each for each in details if each["loc"][:1] == (key,)]
            try:
                if key in given and (not wrong or _is_sealed(given[key])):
                    found[name] = self._field(field, given[key], (*place, key))
                elif wrong:
                    unread[name] = self._explained(wrong, place)
            except _Unread as error:
                unread[name] = error.problems
        return _partial(model, found, unread, self.refusal)

    def _field(self, field: FieldInfo, given: Any, place: _Place) -> Any:
        kinds = (field.annotation, *get_args(field.annotation))
        model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Value)), None)
        if model and _is_plain(given):
            return self._section(model, given, place)
        return self._value(field.rebuild_annotation(), given, place)

    def _explained(self, details: Sequence[ErrorDetails], place: _Place) -> list[Problem]:
        from stacks.rules.explain import of_details  # slow, as below: they load the whole topology
        from stacks.settings import Settings

        located: Any = [{**each, "loc": (*place, *each["loc"])} for each in details]
        return of_details(located, Settings, self.given)

    @property
    def _context(self) -> Mapping[str, Path]:
        return {FOLDER: self.folder}


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=True)


def _is_plain(given: Any) -> bool:
    """Whether it is a mapping that is not encrypted as a whole."""
    return isinstance(given, Mapping) and "secure" not in given


def _is_sealed(given: Any) -> bool:
    """Whether it is encrypted, or something in it is."""
    return any(True for _ in sealed(given))


def _encrypted(place: _Place) -> Problem:
    key = key_at(*place)
    problem = "it is encrypted, and this command reads the stack file without its passphrase"
    if names_secret(key):
        return Problem(key, problem)
    return Problem(key, problem, "a value in plain text", setting(key, "VALUE"))


def _partial(
    model: type[_Section],
    found: Mapping[str, Any],
    unread: Mapping[str, Sequence[Problem]],
    refusal: Callable[[Sequence[Problem]], Exception],
) -> _Section:
    """A section of which some fields cannot be read."""

    def refuse(_section: _Section, name: str) -> Any:
        if name in unread:
            raise refusal(unread[name])
        raise AttributeError(name)

    namespace = {"__module__": model.__module__, "__getattr__": refuse}
    partial: type[_Section] = types.new_class(model.__name__, (model,), exec_body=lambda body: body.update(namespace))
    section: Any = partial.model_construct(_fields_set=set(found), **found)
    for name in unread:
        section.__dict__.pop(name, None)
    return cast(_Section, section)
