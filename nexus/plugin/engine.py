"""The command of Pulumi that started this process. No call of the provider protocol tells it."""

import os
from pathlib import Path

_DESTROY = frozenset({b"destroy", b"down", b"dn"})


def destroys() -> bool:
    """Whether the parent process is a `pulumi destroy`."""
    try:
        words = Path(f"/proc/{os.getppid()}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return bool(_DESTROY.intersection(words[1:]))
