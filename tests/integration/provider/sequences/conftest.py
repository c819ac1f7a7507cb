import pytest

from tests.integration.provider.play import Play


@pytest.fixture
def play(external: Play) -> Play:
    external.attaches = True  # as with ./store; alone, Pulumi lists the virtualenv's packages at every command
    return external
