"""Older generations of the server are supported, for the kinds that they have."""

from collections.abc import Callable

import pytest

from tests.integration.provider.play import Play
from tests.integration.provider.samples import everything_else

LATER_THAN_90 = ("ssrfProtection", "ipAllowlist", "ipAllowlistEntries", "oauth2Users")
LATER_THAN_77 = (*LATER_THAN_90, "tasks", "capabilities", "userTokens", "saml", "samlUsers")


@pytest.mark.parametrize(("generation", "later"), [("3.90", LATER_THAN_90), ("3.77", LATER_THAN_77)])
def test_older_servers_are_supported(playing: Callable[[str], Play], generation: str, later: tuple[str, ...]) -> None:
    with playing(generation) as play:
        play.wanted |= {section: part for section, part in everything_else().items() if section not in later}
        play.up()
        assert "unchanged" in play.preview("--refresh", "--expect-no-changes")
        rule = play.ask("GET", "/v1/repositories/raw/proxy/sample-proxy").json()["routingRuleName"]
        assert rule == "no-internal"
