"""Stack files with mistakes, and their problems."""

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
"""The changes to a correct stack file, the start of the line or a part of it, and a part of its fix."""


def refused(changes: dict[str, Any]) -> Refusal:
    given = {key: value for key, value in {**RIGHT, **changes}.items() if value is not ...}
    with pytest.raises(Refusal) as caught:
        Settings.of(given, STACKS)
    return caught.value


def is_one_line(wrong: Wrong) -> None:
    """Whether there is one line with key, given value, allowed values and fix."""
    changes, named, mended = wrong
    refusal = refused(changes)
    assert len(refusal.problems) == 1, str(refusal)
    assert "\n" not in str(refusal)
    assert named in str(refusal)
    assert mended in str(refusal)
    assert "allowed " in str(refusal)
    assert ". Fix: " in str(refusal)
