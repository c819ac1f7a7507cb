"""What keeps the store from growing without end, as the stack file says it."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from stacks.names import Days, Whole
from stacks.size import in_bytes
from stacks.value import Flag, Value

AUTO = "auto"
"""A tenth of the disk."""
DAY = 24 * 60
"""Minutes."""
_SHORTEST = 60
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_WINDOW = re.compile(f"{_TIME}-{_TIME}")
_ALLOWED = 'a time of day and a later one, at least an hour apart, like "01:00-05:00"; it may pass midnight'


def _window(text: str) -> str:
    if not _WINDOW.fullmatch(text) or minutes(text)[1] < _SHORTEST:
        raise ValueError(_ALLOWED)
    return text


def minutes(window: str) -> tuple[int, int]:
    """The minute of the day at which a window begins, and how many it lasts."""
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in window.split("-"))
    return begin, (end - begin) % DAY


def _quota(given: object) -> object:
    """Sizes are read as those of a blob store's own quota are."""
    if given is None or given == AUTO:
        return given
    try:
        return in_bytes(given)
    except ValueError as error:
        raise ValueError(f"auto, or {error}") from None


class Kept(Value):
    """Which versions of a repository's components stay."""

    last: Annotated[Whole, Field(ge=1, le=100_000)]
    """Of each component, by when they were uploaded."""
    protected: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Versions that stay in any case, as the shell matches names: `latest`, `v1.*`, `team/app:*`."""


class Maintenance(Value):
    """When Nexus may work on its own files, and what it may remove then."""

    window: Annotated[str, AfterValidator(_window)]
    """In the time zone of Nexus, which in its container is UTC."""
    keep_snapshots: Annotated[Whole, Field(ge=1, le=10_000)] = 1
    """How many of each Maven snapshot stay, however old they are."""
    snapshot_days: Days = 30
    """How old one is before it goes."""
    docker: Flag = True
    """Whether manifests that no tag names, and uploads that were never finished, go."""
    keep: Mapping[str, Kept] = Field(default_factory=dict)
    """By hosted repository: what `make storage CLEAN=1` leaves of the versions in it."""
    quota: Annotated[Literal["auto"] | int | None, BeforeValidator(_quota)] = None
    """What has to be free on the disk of a blob store that declares no quota: `auto` or a size; None sets none."""
