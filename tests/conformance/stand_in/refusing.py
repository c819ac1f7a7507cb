"""Checks refusals against the recorded forms of the real server, and against its documents."""

import re
from collections.abc import Callable
from typing import Any

from tests.conformance.stand_in.exchange import Exchange

VIOLATIONS, JSON, TEXT = "application/vnd.siesta-validation-errors-v1+json", "application/json", "text/plain"

Form = Callable[[Any], bool]


def _entry(value: Any) -> bool:
    return (
        isinstance(value, dict) and set(value) == {"id", "message"} and all(isinstance(x, str) for x in value.values())
    )


def _entries(value: Any) -> bool:
    return isinstance(value, list) and all(_entry(one) for one in value)


def _violations(value: Any) -> bool:
    return _entries(value) and bool(value)


def _mismatches_or_one(value: Any) -> bool:
    """A mismatch of types is a list in any order."""
    return _entries(value) or _message(value)


def _message(value: Any) -> bool:
    return _entry(value) and value["id"] == "*"


def _script(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"name", "result"}


def _text(pattern: str) -> Form:
    """A text that was not recorded counts as correct: journals only have JSON."""
    return lambda value: value is None or (isinstance(value, str) and re.match(pattern, value) is not None)


def _nothing(value: Any) -> bool:
    return value in (None, "")


_TO_STRING = _text(r"ValidationErrorXO\{id='\*', message='")
# By status and media type; an empty answer has none.
FORMS: dict[int, dict[str, Form]] = {
    400: {VIOLATIONS: _violations, JSON: _mismatches_or_one, TEXT: _TO_STRING, "": _nothing},
    401: {"": _nothing},
    403: {"": _nothing, TEXT: _text(r"You must accept the End User License Agreement")},  # reported: test_licence.py
    404: {JSON: _message, TEXT: _TO_STRING, "": _nothing},
    405: {"": _nothing},
    406: {"": _nothing},
    409: {JSON: _message, "": _nothing},
    410: {JSON: _script},
    415: {"": _nothing},
    422: {"": _nothing},
    500: {TEXT: _text(r"ERROR: \(ID \S+\) ")},
    503: {
        TEXT: _text(r"Nexus Repository Manager is in read-only mode: \(ID \S+\)|unavailable on demand"),
        "": _nothing,
    },
}
# Refusals that every operation may answer; others must be in its document.
EVERYWHERE = {400, 401, 403, 404, 405, 406, 415, 500, 503}
# Recorded refusals that are in no document of that version.
RECORDED = {409: re.compile(r"PUT /v1/security/privileges/")}


def complaints(exchange: Exchange, types: dict[str, str] | None) -> list[str]:
    """The problems of a refusal; `types` are the operation's, None if there is no such operation."""
    return [*_status(exchange, types), *_form(exchange, types or {})]


def _status(exchange: Exchange, types: dict[str, str] | None) -> list[str]:
    if exchange.status in EVERYWHERE or (types and {str(exchange.status), "default"} & types.keys()):
        return []
    known = RECORDED.get(exchange.status)
    if known and known.match(f"{exchange.method} {exchange.path}"):
        return []
    return ["is a refusal that the operation does not have"]


def _form(exchange: Exchange, types: dict[str, str]) -> list[str]:
    if types.get(str(exchange.status)):
        return []  # a special form from the document
    forms = FORMS.get(exchange.status)
    if forms is None:
        return ["is a status that no recording has"]
    if exchange.media not in forms:
        return [f"has the media type {exchange.media or 'of nothing'}; recorded were {', '.join(forms)}"]
    return (
        [] if forms[exchange.media](exchange.answer) else [f"answer {exchange.answer!r:.120} has not the form recorded"]
    )
