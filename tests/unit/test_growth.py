"""The exponents that `make bench-growth` prints below its table."""

import pytest

from tests.bench.growth import exponents


def test_growth_is_between_the_two_largest_counts() -> None:
    rows = {10: {"preview s": 9.0}, 1000: {"preview s": 100.0}, 100: {"preview s": 1.0}}
    assert exponents(rows) == {"preview s": pytest.approx(2.0)}


def test_a_single_count_has_no_growth() -> None:
    assert exponents({10: {"preview s": 9.0}}) == {}
