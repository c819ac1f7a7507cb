"""A line for each mistake, and none for a stack file that is right."""

from stacks.settings import Settings
from tests.unit.stacks.mistakes.refused import RIGHT, STACKS, refused


def test_two_mistakes_are_two_lines() -> None:
    assert len(str(refused({"hostnam": "x", "retain": ["y"]})).splitlines()) == 2


def test_what_a_terminal_would_act_on_is_written_out() -> None:
    assert "\x1b" not in str(refused({"hostname\x1b[2J": "x"}))


def test_the_stack_file_as_it_is_shipped_is_accepted() -> None:
    settings = Settings.of(RIGHT, STACKS)
    assert list(settings.topology.repositories)[:3] == ["docker-private", "docker-proxy", "docker-group"]
