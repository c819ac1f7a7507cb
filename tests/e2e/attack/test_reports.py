"""Somebody writes what is active on a page into names, values and messages that a preview report shows."""

from tests.e2e.attack.conftest import Attempts
from tests.unit.reports.test_hostile_values import HOSTILE, active, rendered


def test_nothing_in_a_report_is_more_than_text(attempts: Attempts) -> None:
    for hostile in HOSTILE:
        attempts.held(repr(hostile)[:60], active(hostile) == [])


def test_what_is_active_would_be_seen() -> None:
    """Else the test above would show nothing."""
    assert [each for each in rendered("![x](https://evil.example/x.png)").seen if each.startswith("<img")]
