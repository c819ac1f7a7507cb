import pytest

from tests.integration.provider.play import Play


@pytest.fixture
def play(elsewhere: Play) -> Play:
    return elsewhere
