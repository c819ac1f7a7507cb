"""The violations that a server had when it was taken over, which a stack keeps until somebody mends them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml

from nexus.problem import Problem
from stacks.plain_yaml import NotPlain, plain

STACKS = Path(__file__).parents[1] / "stacks"
_KEYS = ("policy", "resource", "violation", "reason")
_HEAD = """\
# What violated a mandatory policy when the Nexus was taken over. What is listed here stops neither preview nor `up`,
# and nothing adds to it: whatever else violates a policy is refused. Remove an entry once it is mended; the preview
# names it then. `reason` is yours to edit, `violation` is the text of the message before its last colon.
"""


@dataclass(frozen=True)
class Known:
    """One violation: the policy's name, the resource's, what is wrong, and why that stays for now."""

    policy: str
    resource: str
    violation: str
    reason: str


@dataclass(frozen=True)
class Baseline:
    """The known violations of a stack; without a file, none."""

    name: str = ""
    """The file, for messages."""
    known: tuple[Known, ...] = ()

    @classmethod
    def of(cls, stack: str) -> Self:
        """That of a stack.

        Raises:
            Refusal: its file is wrong; one line for each mistake.
        """
        file = file_of(stack)
        found = list(problems(file))
        if found:
            from stacks.rules.refusal import Refusal  # late, since it loads Pulumi, and ./store reads the file too

            raise Refusal(found)
        if not file.exists():
            return cls()
        entries = plain(file.read_text(encoding="utf-8-sig")) or []
        return cls(f"{file.parent.name}/{file.name}", tuple(Known(**entry) for entry in entries))

    def knows(self, policy: str, message: str) -> bool:
        """Whether the violation with this message is one of them."""
        return (policy, violation(message)) in self._pairs

    def counted(self, found: Iterable[tuple[str, str]], mandatory: frozenset[str]) -> Iterator[str]:
        """How many of the violations (policy and message) are known, and which of the known ones are mended."""
        there = {(policy, violation(message)) for policy, message in found}
        new = [each for each in there - self._pairs if each[0] in mandatory]
        yield f"policies: {len(there & self._pairs)} known, {len(new)} new ({self.name})"
        for each in self.known:
            if (each.policy, each.violation) not in there:
                yield f"policies: {each.policy} is mended: {each.violation}. Fix: remove that entry from {self.name}"

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((each.policy, each.violation) for each in self.known)


NOTHING_KNOWN = Baseline()


def file_of(stack: str) -> Path:
    return STACKS / f"{stack}.policies.yaml"


def violation(message: str) -> str:
    """What is wrong, without how to mend it, which a release may word in another way."""
    return message.rpartition(": ")[0] or message


def text(known: Iterable[Known]) -> str:
    """The file with these violations."""
    entries = [asdict(each) for each in sorted(known, key=lambda each: (each.policy, each.resource, each.violation))]
    return _HEAD + yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=120)


def problems(file: Path) -> Iterator[Problem]:
    """The mistakes of such a file; none if there is no file."""
    name = f"{file.parent.name}/{file.name}"
    try:
        entries = plain(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return
    except NotPlain as error:
        yield Problem(name, error.problem, "a list of known violations", f"edit {name}")
        return
    except (UnicodeDecodeError, OSError):
        yield Problem(name, "not UTF-8 text", "a list of known violations", f"edit {name}")
        return
    if entries is not None and not isinstance(entries, list):
        yield Problem(name, "not a list of known violations", f"entries with {', '.join(_KEYS)}", f"edit {name}")
        return
    for place, entry in enumerate(entries or []):
        yield from _wrong(f"{name}[{place}]", entry, f"edit {name}")


def _wrong(key: str, entry: Any, fix: str) -> Iterator[Problem]:
    if not isinstance(entry, Mapping) or set(entry) != set(_KEYS):
        yield Problem(key, "not a known violation", f"the keys {', '.join(_KEYS)}, each once", fix)
        return
    for each in _KEYS:
        if not (isinstance(entry[each], str) and entry[each].strip()):
            yield Problem(f"{key}.{each}", "no text", "a text that is not empty", fix)
