"""A server's inventory as the text of a topology file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from exports.inventory import Found
from nexus.advice import word
from nexus.kinds.base import STRICT


def text(found: Iterable[Found], realms: list[str], anonymous_access: Mapping[str, Any]) -> str:
    """YAML for stacks/, preceded by the commands for the settings that it cannot contain."""
    objects = list(found)
    return "\n".join([*_head(objects, realms, anonymous_access), "", dumped(sections(objects))])


def excerpt(some: Iterable[Found]) -> str:
    """YAML for some objects, to add to a topology file or to the stack file."""
    objects = list(some)
    head = [
        "# Add this to the topology file; or to the stack file, with `repository-store:` before each section.",
        *_secrets(objects),
    ]
    return "\n".join([*head, dumped(sections(objects))])


def _head(objects: list[Found], realms: list[str], anonymous_access: Mapping[str, Any]) -> list[str]:
    lines = [
        "# Exported from a running Nexus. With `adopt: strict` the stack manages every field of the existing object: a",
        "# field that is missing here has its default, or stays empty. When the object leaves this file, it stays on",
        "# the server, unless it has `onDelete: delete`.",
    ]
    lines += ["# Settings of the stack file itself:"]
    lines += [
        f"#   ./store pulumi config set --stack NAME --path 'realms[{index}]' {shown_word(realm)}"
        for index, realm in enumerate(realms)
    ]
    lines += [f"#   ./store pulumi config set --stack NAME {words}" for words in _anonymous(anonymous_access)]
    return [*lines, *_secrets(objects)]


def _secrets(objects: Iterable[Found]) -> list[str]:
    secrets = sorted(key for each in objects for key in each.secrets)
    if not secrets:
        return []
    return [
        "# No secret is exported, and Nexus does not show most of them. Set each before the first `up`:",
        *(f"#   ./store pulumi config set --stack NAME --secret --path {shown_word(key)}" for key in secrets),
    ]


def _anonymous(access: Mapping[str, Any]) -> Iterator[str]:
    enabled = str(access["enabled"]).lower()
    if len(access) == 1:
        yield f"anonymousAccess {enabled}"
        return
    yield f"--path anonymousAccess.enabled {enabled}"
    yield from (f"--path anonymousAccess.{key} {shown_word(str(access[key]))}" for key in access if key != "enabled")


def shown_word(text: str) -> str:
    """One word of a command within a comment line, whatever characters a name on the server contains."""
    return word(one_line(text))


def one_line(text: str) -> str:
    """A text within a comment line."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def sections(objects: Iterable[Found]) -> dict[str, Any]:
    """The topology by section, as a stack file declares it."""
    found: dict[str, Any] = {}
    for each in objects:
        if each.is_setting:
            found[each.section] = each.written
        else:
            found.setdefault(each.section, {})[each.name] = {**each.written, "adopt": STRICT}
    return found


def dumped(found: Mapping[str, Any]) -> str:
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=120) if found else "{}\n"
