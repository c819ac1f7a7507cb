"""Why a deployment failed: each cause once, even if it stopped many resources."""

import re
from collections.abc import Iterable

from cli.events.event import Message, Violation, name_of

_ANSI = re.compile(r"\x1b\[[0-9;]*m|<\{%[^%]*%\}>")
# What Pulumi adds to the error of a provider or the program.
_FRAMES = re.compile(
    r"^(error: |update failed$|preview failed$|resource (creation|update|deletion) failed$|"
    r"(\S+ urn:\S+: )?\d+ errors? occurred:|sdk-v2/\S+ sdk\.helper_schema: |"
    r"running program '.*' (failed with|exited with).*$)|: provider=\S+$"
)
_BULLET = re.compile(r"^\s*\*\s+")
_NAMES = 3


def reasons(messages: Iterable[Message]) -> list[str]:
    """One entry per cause, with the resources that it stopped. An entry may have several lines."""
    found: dict[str, list[str]] = {}
    for message in messages:
        if message.severity != "error":
            continue
        text = cleaned(message.text)
        if text:
            found.setdefault(text, []).append(name_of(message.urn) if message.urn else "")
    texts = [text for text in found if not any(text != other and text in other for other in found)]
    return [text + _affected([name for name in found[text] if name]) for text in texts]


def violations(found: Iterable[Violation]) -> list[str]:
    """One line per violation, the mandatory ones first."""
    lines = dict.fromkeys(
        f"[{'mandatory' if each.is_mandatory else 'advisory'}]  {each.policy}: {each.text} ({name_of(each.urn)})"
        for each in sorted(found, key=lambda each: not each.is_mandatory)
    )
    return list(lines)


def cleaned(text: str) -> str:
    """An error without colours, Pulumi's additions and indentation."""
    lines = []
    for line in _ANSI.sub("", text).splitlines():
        plain = _FRAMES.sub("", _BULLET.sub("", line).strip()).strip()
        if plain:
            lines.append(plain)
    return "\n".join(dict.fromkeys(lines))


def _affected(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    if not unique or unique[0].startswith("repository-store-"):  # the stack itself
        return ""
    more = f" and {len(unique) - _NAMES} more" if len(unique) > _NAMES else ""
    return f" ({', '.join(unique[:_NAMES])}{more})"
