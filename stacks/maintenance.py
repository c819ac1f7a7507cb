"""The settings that keep the store from growing without limit."""

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
_ALLOWED = 'a start and an end, at least an hour apart, like "01:00-05:00"; it may pass midnight'


_PIN = re.compile(r"[A-Za-z0-9_@*][A-Za-z0-9_.@+~*-]*([/:][A-Za-z0-9_.@+~*-]+)*")


def _pin(text: str) -> str:
    if not _PIN.fullmatch(text):
        raise ValueError("an image or image:tag, group:artifact:version, or the path of a folder; * is any text")
    return text


def _window(text: str) -> str:
    if not _WINDOW.fullmatch(text) or minutes(text)[1] < _SHORTEST:
        raise ValueError(_ALLOWED)
    return text


def minutes(window: str) -> tuple[int, int]:
    """The minute of the day at which a window begins, and how many it lasts."""
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in window.split("-"))
    return begin, (end - begin) % DAY


def _quota(given: object) -> object:
    """Takes the same sizes as a blob store's own quota."""
    if given is None or given == AUTO:
        return given
    try:
        return in_bytes(given)
    except ValueError as error:
        raise ValueError(f"auto, or {error}") from None


class Kept(Value):
    """Which versions of a repository's components are kept."""

    last: Annotated[Whole, Field(ge=1, le=100_000)]
    """How many versions of each component, the newest uploads."""
    protected: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Versions that are always kept, as shell patterns: `latest`, `v1.*`, `team/app:*`."""


class Maintenance(Value):
    """When Nexus runs its maintenance tasks, and what they remove."""

    window: Annotated[str, AfterValidator(_window)]
    """In the time zone of Nexus, which in its container is UTC."""
    keep_snapshots: Annotated[Whole, Field(ge=1, le=10_000)] = 1
    """How many builds of each Maven snapshot are kept, whatever their age."""
    snapshot_days: Days = 30
    """The age at which the others are removed."""
    docker: Flag = True
    """Whether untagged manifests and unfinished uploads are removed."""
    keep: Mapping[str, Kept] = Field(default_factory=dict)
    """By hosted repository: the versions that `make storage CLEAN=1` keeps."""
    pins: Mapping[str, tuple[Annotated[str, AfterValidator(_pin)], ...]] = Field(default_factory=dict)
    """By repository: what no cleanup policy removes from it (stacks/topology/pinned.py)."""
    offline_copies: tuple[str, ...] = ()
    """Proxies from which nothing is ever removed, so that builds work while their remotes do not."""
    quota: Annotated[Literal["auto"] | int | None, BeforeValidator(_quota, json_schema_input_type=int | str | None)] = (
        None
    )
    """The soft quota, as free disk space, of blob stores that declare none: `auto` or a size; None sets none."""
