"""Cron expressions that Nexus accepts: those of Quartz that Quartz's XML schema allows.

Each field has one of a few forms; two forms cannot be combined in a field.
"""

import re

_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "MON|TUE|WED|THU|FRI|SAT|SUN"


def _list(one: str) -> str:
    return rf"({one})(-({one}))?(,({one})(-({one}))?)*"


def _clock(one: str) -> str:
    return rf"{_list(one)}|(\*|{one})/({one})|\?|\*"


_MINUTE, _HOUR = "[0-5]?[0-9]", "2[0-3]|[01]?[0-9]"
_DATE, _MONTH, _YEAR = "0?[1-9]|[12][0-9]|3[01]", "0?[1-9]|1[0-2]", "19[7-9][0-9]|20[0-9][0-9]"
_FIELDS = {
    "second": _clock(_MINUTE),
    "minute": _clock(_MINUTE),
    "hour": _clock(_HOUR),
    "day of month": rf"({_list(_DATE)}|({_DATE})/({_DATE}))C?|L(-([0-9]|[12][0-9]|30))?|LW|({_DATE})W|\?|\*",
    "month": rf"{_list(_MONTH)}|({_MONTH})/({_MONTH})|{_list(_MONTHS)}|({_MONTHS})/({_MONTHS})|\?|\*",
    "day of week": (
        rf"{_list('[1-7]')}|[1-7]/[1-7]|({_list(_DAYS)}|({_DAYS})/({_DAYS}))C?|([1-7]|{_DAYS})?LW?"
        rf"|([1-7]|{_DAYS})#[1-5]|\?|\*"
    ),
    "year": rf"{_list(_YEAR)}|({_YEAR})/({_YEAR})|\*",
}
_ANY = "?"
_MOST = len(_FIELDS)


def problem(expression: str) -> str | None:
    """What Nexus would refuse in the expression."""
    fields = expression.removesuffix(" ").split(" ")
    if len(fields) not in (_MOST - 1, _MOST):
        return f"has {len(fields)} fields where Quartz wants {_MOST - 1}, or {_MOST} with a year"
    for (name, form), field in zip(_FIELDS.items(), fields, strict=False):
        if not field:
            return "has too many spaces: one separates two fields"
        if not re.fullmatch(form, field):
            return f"has {field!r} as the {name}{_hint(name, field)}"
    return _combined(dict(zip(_FIELDS, fields, strict=False)))


def _hint(name: str, field: str) -> str:
    if re.fullmatch(r"\*/[0-9]+", field):
        return f", where Quartz wants a start value before the slash, like 1{field[1:]}"
    if field != field.upper() and re.fullmatch(_FIELDS[name], field.upper()):
        return ", where the names are written in capital letters"
    return ", where names and numbers do not mix with steps" if "/" in field else ""


def _combined(fields: dict[str, str]) -> str | None:
    date, day = fields["day of month"], fields["day of week"]
    wrong = next((name for name, field in fields.items() if field == _ANY and not name.startswith("day")), None)
    if wrong:
        return f"has ? as the {wrong}, which is allowed only for the day of month or the day of week"
    if date == _ANY and day == _ANY:
        return "has ? as both the day of month and the day of week: * means every day"
    if date != _ANY and day != _ANY:
        return "has both a day of month and a day of week: use ? for the one that does not matter"
    return None
