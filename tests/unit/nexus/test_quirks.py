"""What differs between releases of Nexus: each row of the table does what it says, on the releases that it names."""

from typing import Any

import pytest

from nexus.errors import Rejected
from nexus.objects import quirks
from nexus.objects.quirks import OLDEST, QUIRKS, Quirk, ServerVersion
from nexus.schema.release import is_older
from tests.integration.provider.fake_client import FakeClient
from tests.support.versions import NEWEST

Body = dict[str, Any]

LOWER = {"protocol": "ldaps", "groupType": "static"}
# By object and first release of the row: what is declared, and what those servers get; None: they get nothing.
CASES: dict[tuple[str, str], tuple[Body, Body | None]] = {
    ("ldap", "3.88"): ({"protocol": "LDAPS"}, None),
    ("ldap", OLDEST): ({"protocol": "LDAPS", "groupType": "STATIC", "host": "H"}, {**LOWER, "host": "H"}),
    ("repository/maven/group", "3.88"): (
        {"online": True},
        {"online": True, "maven": {"versionPolicy": "MIXED", "layoutPolicy": "STRICT"}},
    ),
}


def row(quirk: Quirk) -> tuple[str, str]:
    return quirk.request, quirk.since


def adapted(quirk: Quirk, release: str, body: Body) -> Body:
    client = FakeClient(settings={"/swagger.json": {"info": {"version": f"{release}.0-01"}}})
    result: Body = ServerVersion(client).adapted(quirk.request, body)  # type: ignore[arg-type]
    return result


def next_to(release: str, step: int) -> str:
    major, minor = release.split(".")
    return f"{major}.{int(minor) + step}"


def test_each_quirk_has_a_case() -> None:
    rows = [row(quirk) for quirk in QUIRKS]
    missing, gone = sorted(set(rows) - set(CASES)), sorted(set(CASES) - set(rows))
    assert not missing, f"CASES of test_quirks.py has no case for: quirk {missing}"
    assert not gone, f"CASES of test_quirks.py names what does not exist: quirk {gone}"
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: f"{quirk.request} {quirk.since}-{quirk.until}")
def test_only_the_releases_of_a_quirk_get_another_body(quirk: Quirk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quirks, "QUIRKS", (quirk,))
    declared, sent = CASES[row(quirk)]
    for release in (quirk.since, quirk.until):
        if sent is None:
            with pytest.raises(Rejected, match=quirk.why):
                adapted(quirk, release, declared)
        else:
            assert adapted(quirk, release, declared) == sent
    for release in (next_to(quirk.since, -1), next_to(quirk.until, 1)):
        assert adapted(quirk, release, declared) == declared, f"not on {release}"


def test_a_quirk_that_refuses_an_object_has_a_fix() -> None:
    assert [quirk.request for quirk in QUIRKS if quirk.change is None and not quirk.fix] == []


def test_releases_are_looked_for_from_the_newest_to_the_oldest() -> None:
    releases = [release for release, _path in quirks._FIRST_IN]
    assert not is_older(NEWEST, releases[0]), f"the stand-in cannot play {releases[0]}: Generations of options.go"
    pairs = zip(releases, [*releases[1:], OLDEST], strict=True)
    assert [newer for newer, older in pairs if not is_older(older, newer)] == []
