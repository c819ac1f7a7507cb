"""A server's inventory as the text of a topology file."""

from collections.abc import Iterable
from typing import Any

import yaml

from exports.inventory import Found
from nexus.shipped import REPOSITORIES as SHIPPED


def text(found: Iterable[Found], realms: list[str], anonymous_access: bool) -> str:
    """YAML for stacks/, with the commands for what cannot stand in it ahead."""
    objects = list(found)
    return "\n".join([*_head(objects, realms, anonymous_access), "", _sections(objects)])


def _head(objects: list[Found], realms: list[str], anonymous_access: bool) -> list[str]:
    lines = [
        "# Exported from a running Nexus. `adopt: true` takes over what is there; take it out after the first `up`."
    ]
    lines += ["# Settings of the stack file itself:"]
    lines += [f"#   pulumi config set --path 'realms[{index}]' {realm}" for index, realm in enumerate(realms)]
    lines += [f"#   pulumi config set anonymousAccess {str(anonymous_access).lower()}"]
    secrets = [key for each in objects for key in each.secrets]
    if secrets:
        lines += ["# Nexus shows secrets to nobody. Set each of these before the first `up`:"]
        lines += [f"#   pulumi config set --secret --path {key}" for key in sorted(secrets)]
    return lines


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
