"""Which values a report never shows."""

import re
from collections.abc import Mapping
from typing import Any

from stacks.secret_names import MASK, names_secret

_ASSIGNMENT = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*)=(.*)$", re.DOTALL)
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+:[^/@\s]+(?=@)")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def masked(value: Any, key: str = "") -> Any:
    """The value with every secret in it as [secret], whether or not Pulumi marked it as one."""
    if names_secret(key) and value not in (None, "", [], {}) and not isinstance(value, bool):
        return MASK
    if isinstance(value, Mapping):
        return {name: masked(entry, str(name)) for name, entry in value.items()}
    if isinstance(value, list):
        return [masked(entry) for entry in value]
    return _masked_text(value) if isinstance(value, str) else value


def _masked_text(text: str) -> str:
    if _PRIVATE_KEY.search(text):
        return MASK
    assignment = _ASSIGNMENT.match(text)
    if assignment and names_secret(assignment.group(1)) and assignment.group(2):
        return f"{assignment.group(1)}={MASK}"
    return _USER_IN_URL.sub(MASK, text)
