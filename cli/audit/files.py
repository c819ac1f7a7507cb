"""Reads Nexus's audit log: a file for today, and a compressed one for each of the 90 days before."""

import base64
import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cli.docker import Docker
from stacks.layout import DATA_FOLDER

FOLDER = f"{DATA_FOLDER}/log/audit"
_TODAY = "audit.log"
_OF_A_DAY = re.compile(r"audit-(\d{4}-\d{2}-\d{2})\.log\.gz")


def lines(docker: Docker, container: str, since: datetime) -> Iterator[str]:
    """The lines of all days since a time, oldest first.

    Raises:
        CommandError: the container is not running, or has no audit log.
    """
    for name in names(docker.do("exec", container, "ls", FOLDER).split(), since):
        # In base64, since docker's output is read as text; decompressed here, since an image may have no gzip.
        packed = docker.do("exec", container, "base64", f"{FOLDER}/{name}")
        content = base64.b64decode(packed)
        text = gzip.decompress(content) if name.endswith(".gz") else content
        yield from text.decode(errors="replace").splitlines()


def names(found: list[str], since: datetime) -> list[str]:
    """The files that can have records since that time. Their names have the days of Nexus's time zone."""
    first = (since.astimezone(UTC) - timedelta(days=1)).date().isoformat()
    days = sorted(name for name in found if (day := _OF_A_DAY.fullmatch(name)) and day[1] >= first)
    return [*days, *([_TODAY] if _TODAY in found else [])]
