"""Active content in names, values and messages that a preview report shows."""

from tests.e2e.attack.conftest import Attempts
from tests.unit.reports.test_hostile_values import HOSTILE, active, rendered


def test_no_hostile_value_is_active_in_a_report(attempts: Attempts) -> None:
    for hostile in HOSTILE:
        attempts.held(repr(hostile)[:60], active(hostile) == [])
    unescaped = rendered("![x](https://evil.example/x.png)").seen
    attempts.control(passed=any(each.startswith("<img") for each in unescaped))
