"""Helpers of the tests of known complaints."""

from typing import Any

from tests.integration.provider.play import Play


def live(play: Play, path: str) -> Any:
    return play.ask("GET", path).json()


def unchanged(play: Play) -> bool:
    return "unchanged" in play.preview("--refresh", "--expect-no-changes")
