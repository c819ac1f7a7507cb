"""A server's inventory as the text of a topology file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from exports.inventory import Found
from nexus.advice import word
from nexus.kinds.repository import SHIPPED


def text(found: Iterable[Found], realms: list[str], anonymous_access: Mapping[str, Any]) -> str:
    """YAML for stacks/, preceded by the commands for the settings that it cannot contain."""
    objects = list(found)
    return "\n".join([*_head(objects, realms, anonymous_access), "", _sections(objects)])


def excerpt(some: Iterable[Found]) -> str:
    """YAML for some objects, to add to a topology file or to the stack file."""
    objects = list(some)
    head = [
        "# Add this to the topology file; or to the stack file, with `repository-store:` before each section.",
        *_secrets(objects),
    ]
    return "\n".join([*head, _sections(objects)])


def _head(objects: list[Found], realms: list[str], anonymous_access: Mapping[str, Any]) -> list[str]:
    lines = [
        "# Exported from a running Nexus. With `adopt: true` the stack manages the existing object. When that leaves",
        "# this file, it stays on the server, unless it has `onDelete: delete`.",
    ]
    lines += ["# Settings of the stack file itself:"]
    lines += [
        f"#   ./store pulumi config set --stack NAME --path 'realms[{index}]' {_word(realm)}"
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
        *(f"#   ./store pulumi config set --stack NAME --secret --path {_word(key)}" for key in secrets),
    ]


def _anonymous(access: Mapping[str, Any]) -> Iterator[str]:
    enabled = str(access["enabled"]).lower()
    if len(access) == 1:
        yield f"anonymousAccess {enabled}"
        return
    yield f"--path anonymousAccess.enabled {enabled}"
    yield from (f"--path anonymousAccess.{key} {_word(str(access[key]))}" for key in access if key != "enabled")


def _word(text: str) -> str:
    """One word of a command within a comment line, whatever characters a name on the server contains."""
    shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return word(shown)


def _sections(objects: list[Found]) -> str:
    sections: dict[str, Any] = {}
    for each in objects:
        if each.is_setting:
            sections[each.section] = each.written
        else:
            sections.setdefault(each.section, {})[each.name] = {**each.written, **_adopted(each)}
    return yaml.safe_dump(sections, sort_keys=False, allow_unicode=True, width=120) if sections else "{}\n"


def _adopted(each: Found) -> dict[str, bool]:
    shipped = each.section == "repositories" and each.name in SHIPPED
    return {} if shipped else {"adopt": True}
