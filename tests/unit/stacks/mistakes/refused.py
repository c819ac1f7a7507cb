"""A stack file with mistakes, and the problems that are reported."""

from pathlib import Path
from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from stacks.settings import Settings

STACKS = Path(__file__).parents[4] / "stacks"
RIGHT: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": {
        "admin": "the-admin-secret",
        **dict.fromkeys(("jenkins", "ci-pull", "ci-push"), "the-jenkins-secret"),
    },
}

Wrong = tuple[dict[str, Any], str, str]
"""What differs from the right one, how the line begins or what it names, and what it says of the remedy."""


def refused(changes: dict[str, Any]) -> Refusal:
    given = {key: value for key, value in {**RIGHT, **changes}.items() if value is not ...}
    with pytest.raises(Refusal) as caught:
        Settings.of(given, STACKS)
    return caught.value


def is_one_line(wrong: Wrong) -> None:
    """It names the key, what was given, what is allowed and the remedy."""
    changes, named, mended = wrong
    refusal = refused(changes)
    assert len(refusal.problems) == 1, str(refusal)
    assert "\n" not in str(refusal)
    assert named in str(refusal)
    assert mended in str(refusal)
    assert "allowed " in str(refusal)
    assert ". Fix: " in str(refusal)
