"""One line for each mistake, and none for a correct stack file."""

from stacks.settings import Settings
from tests.unit.stacks.mistakes.refused import RIGHT, STACKS, refused


def test_two_mistakes_are_two_lines() -> None:
    assert len(str(refused({"hostnam": "x", "retain": ["y"]})).splitlines()) == 2


def test_control_characters_are_escaped() -> None:
    assert "\x1b" not in str(refused({"hostname\x1b[2J": "x"}))


def test_the_shipped_stack_file_is_accepted() -> None:
    settings = Settings.of(RIGHT, STACKS)
    assert list(settings.topology.repositories)[:3] == ["docker-private", "docker-proxy", "docker-group"]
