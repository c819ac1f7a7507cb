"""The output `eula_accepted` is what the server says, unless the stack itself accepts the agreement."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from stacks import images
from tests.integration.provider.play import Play
from tests.support.versions import NEWEST, NEWEST_RELEASE


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, playing: Callable[..., Play]) -> Callable[..., Play]:
    """Makes servers whose agreement nobody has accepted."""
    monkeypatch.setenv("EULA", "1")

    def make(*options: str, generation: str = NEWEST) -> Play:
        made = playing(generation, *options)
        made.agreed, made.attaches = False, True
        made.wanted |= {"address": "127.0.0.1", "nginx": {"httpsPort": made.port}}
        return made

    return make


def said(play: Play) -> Any:
    play.up("--refresh")
    return json.loads(play.pulumi("stack", "output", "--json", "--stack", "test"))["eula_accepted"]


def accepted(play: Play) -> Any:
    return play.ask("GET", "/v1/system/eula").json()["accepted"]


def accept(play: Play, *, is_accepted: bool) -> None:
    agreement = {**play.ask("GET", "/v1/system/eula").json(), "accepted": is_accepted}
    play.ask("POST", "/v1/system/eula", agreement).raise_for_status()


def test_only_the_stack_file_accepts_it_and_a_hand_on_the_server_counts(asked: Callable[..., Play]) -> None:
    with asked() as play:
        assert (said(play), accepted(play)) == (False, False)
        play.wanted["nexus"]["acceptEula"] = True
        assert (said(play), accepted(play)) == (True, True)
        play.wanted["nexus"]["acceptEula"] = False
        assert (said(play), accepted(play)) == (True, True), "nothing takes it back"


def test_a_pro_licence_needs_none(asked: Callable[..., Play]) -> None:
    with asked("--edition", "PRO") as play:
        assert (said(play), accepted(play)) == (True, False)


def test_a_server_that_serves_without_it_needs_none(asked: Callable[..., Play]) -> None:
    """Like the open-source core, which was asked by hand. While nothing is stored, nobody can see it."""
    for generation, serves in (("3.77", True), (NEWEST, False)):
        with asked(generation=generation) as play:
            play.wanted["nexus"]["generation"] = generation
            play.wanted["repositories"] = {"ours": {"format": "raw", "type": "hosted"}}
            assert (said(play), accepted(play)) == (False, False)
            accept(play, is_accepted=True)
            play.store("ours/docs/a file.txt", b"content")
            accept(play, is_accepted=False)
            assert (said(play), accepted(play)) == (serves, False)


@pytest.mark.parametrize(
    ("image", "expected"),
    [(f"{images.STAND_IN}{NEWEST_RELEASE}-12345678", True), (images.NEXUS, False)],
)
def test_the_stand_in_is_accepted_without_a_setting_and_sonatypes_image_is_not(
    asked: Callable[..., Play], image: str, *, expected: bool
) -> None:
    with asked() as play:
        play.wanted["nexus"] |= {"kind": "stand-in", "image": image}
        assert (said(play), accepted(play)) == (expected, expected)
