"""The syntax checks agree with a real server, to which each sample of verdicts.json was sent.

Nexus Repository Core 3.77.0-08: content selectors and routing rules over REST, cron expressions by its scheduler.
"""

import json
from pathlib import Path

import pytest

from nexus.syntax import PROBLEMS

VERDICTS = json.loads((Path(__file__).parent / "verdicts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("syntax", "text"), [(name, text) for name in VERDICTS for text in VERDICTS[name]["accepted"]])
def test_samples_that_the_server_accepts_are_accepted(syntax: str, text: str) -> None:
    assert PROBLEMS[syntax](text) is None


@pytest.mark.parametrize(("syntax", "text"), [(name, text) for name in VERDICTS for text in VERDICTS[name]["refused"]])
def test_samples_that_the_server_refuses_are_refused_with_a_reason(syntax: str, text: str) -> None:
    verdict = PROBLEMS[syntax](text)
    assert verdict
    assert "\n" not in verdict
