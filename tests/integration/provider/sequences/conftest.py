import pytest

from tests.integration.provider.play import Play


@pytest.fixture
def play(external: Play) -> Play:
    return external
