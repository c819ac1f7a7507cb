"""The counter itself."""

import pytest

from tests.e2e.attack.conftest import Attempts, total


def test_attacks_are_counted_beside_their_controls() -> None:
    made, other = Attempts(is_short=True), Attempts(is_short=False)
    made.held("first", held=True)
    made.held("second", held=False)
    made.control(passed=True)
    other.held("third", held=True)
    assert str(made) == "attacks through 1 of 2, controls through 1 of 1"
    assert str(other) == "attacks through 0 of 1, controls through none"
    assert str(total([made, other])) == "attacks through 1 of 3, controls through 1 of 1"


def test_an_attack_that_succeeds_fails_the_test() -> None:
    made = Attempts(is_short=True)
    made.held("first", held=False)
    with pytest.raises(AssertionError, match="first"):
        made.check()


def test_controls_of_which_none_gets_through_fail_the_test() -> None:
    made = Attempts(is_short=True)
    made.held("first", held=True)
    made.check()
    made.control(passed=False)
    with pytest.raises(AssertionError, match="this test could not fail"):
        made.check()
    made.control(passed=True)
    made.check()


def test_a_test_that_attempts_nothing_fails() -> None:
    with pytest.raises(AssertionError, match="nothing was attempted"):
        Attempts(is_short=True).check()
