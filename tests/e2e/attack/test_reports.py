"""Active content in names, values and messages that a preview report shows."""

from tests.e2e.attack.conftest import Attempts
from tests.unit.reports.test_hostile_values import HOSTILE, active, rendered


def test_no_hostile_value_is_active_in_a_report(attempts: Attempts) -> None:
    for hostile in HOSTILE:
        attempts.held(repr(hostile)[:60], active(hostile) == [])


def test_active_content_would_be_found() -> None:
    """Otherwise the test above would prove nothing."""
    assert [each for each in rendered("![x](https://evil.example/x.png)").seen if each.startswith("<img")]
