"""Whether the clocks of this machine and the store agree; certificates, tokens and cookies depend on it."""

import re
import time
from collections.abc import Iterator
from datetime import datetime

from cli.doctor.engine import Engine
from cli.doctor.finding import Finding, check
from cli.stack.stack import Stack

_MOST_SECONDS = 60


@check("clock")
def clock(stack: Stack, engine: Engine) -> Iterator[Finding]:
    """The clock of the engine's host, which is the store's."""
    if stack.is_external:
        return
    before = time.time()
    answer = engine.ask("info", "--format", "{{.SystemTime}}")
    there = _moment(answer)
    if there is not None:
        yield compared(there, before, time.time())


def compared(there: float, before: float, after: float) -> Finding:
    """Compares the time of another host with this host's times just before and after it was read."""
    ahead = max(0.0, before - there) - max(0.0, there - after)
    if abs(ahead) <= _MOST_SECONDS:
        return Finding("clock", "this machine and the store agree")
    detail = f"this machine is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the store"
    return Finding("clock", detail, "sudo timedatectl set-ntp true, here and on the store's host")


def _moment(time_: str) -> float | None:
    """Go writes up to nine digits of a second, Python parses at most six."""
    try:
        return datetime.fromisoformat(re.sub(r"\.\d+", "", time_.strip())).timestamp()
    except ValueError:
        return None
