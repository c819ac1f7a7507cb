"""Why a deployment failed: each cause once, even if it stopped many resources."""

import re
from collections.abc import Iterable

from cli.events.event import Message, Violation, title_of

_ANSI = re.compile(r"\x1b\[[0-9;]*m|<\{%[^%]*%\}>")
# What Pulumi adds to the error of a provider or the program.
_FRAMES = re.compile(
    r"^(error: |update failed$|preview failed$|resource (creation|update|deletion) failed$|"
    r"(\S+ urn:\S+: )?\d+ errors? occurred:|sdk-v2/\S+ sdk\.helper_schema: |"
    r"running program '.*' (failed with|exited with).*$)|: provider=\S+$"
)
# Before a problem that the provider found in a preview; the property's value may have several lines.
_OF_CHECK = re.compile(
    r"^(?:error: )?\S+ resource '[^'\n]*'(?:: property (?:body\.)?(?P<property>\S+) value .*)? has a problem: ",
    re.DOTALL | re.MULTILINE,
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
            found.setdefault(text, []).append(title_of(message.urn) if message.urn else "")
    causes = _uncancelled(found)
    texts = [text for text in causes if not any(text != other and text in other for other in causes)]
    return [text + _affected([name for name in found[text] if name]) for text in texts]


def violations(found: Iterable[Violation]) -> list[str]:
    """One line per violation, the mandatory ones first; the engine's order differs between runs."""
    lines = {(not each.is_mandatory, f"{each.policy}: {each.text} ({title_of(each.urn)})") for each in found}
    return [f"[{'advisory' if advised else 'mandatory'}]  {text}" for advised, text in sorted(lines)]


def cleaned(text: str) -> str:
    """An error without colours, Pulumi's additions and indentation."""
    lines = []
    for line in _OF_CHECK.sub(_property, _ANSI.sub("", text)).splitlines():
        plain = _FRAMES.sub("", _BULLET.sub("", line).strip()).strip()
        if plain:
            lines.append(plain)
    return "\n".join(_uncancelled(dict.fromkeys(lines)))


def _property(frame: re.Match[str]) -> str:
    return "" if frame["property"] in (None, "body") else f"{frame['property']}: "


def _uncancelled(texts: Iterable[str]) -> list[str]:
    """The texts without those that only follow from another: when one operation fails, others are cancelled."""
    every = list(texts)
    return [text for text in every if not text.endswith("context canceled")] or every


def _affected(names: list[str]) -> str:
    unique = sorted(set(names))
    if not unique or unique[0].startswith("repository-store-"):  # the stack itself
        return ""
    more = f" and {len(unique) - _NAMES} more" if len(unique) > _NAMES else ""
    return f" ({', '.join(unique[:_NAMES])}{more})"
