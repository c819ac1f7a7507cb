"""How a key of the stack file is written in a message and in a command."""

import re
import shlex
from collections.abc import Iterable

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def key_at(path: Iterable[str | int]) -> str:
    """A path as `pulumi config set --path` takes it: `clients["build.domain.org"].ssh` or `retain[0]`."""
    key = ""
    for part in path:
        if isinstance(part, int):
            key += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            key += f".{part}" if key else part
        else:
            key += f'["{part}"]'
    return key or "the stack file"


def quoted(key: str) -> str:
    """The key, quoted for a shell if it has brackets."""
    return key if "[" not in key else shlex.quote(key)
