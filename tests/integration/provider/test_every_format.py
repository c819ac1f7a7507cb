"""`pulumi up` creates, reads, changes, refreshes and removes repositories of every format and type."""

from typing import Any

import pytest

from nexus.schema.merging import merged
from tests.integration.provider.play import Play
from tests.integration.provider.samples import changed, combinations, repositories

PAIRS = {f"{format_}/{type_}" for format_, type_ in combinations()}
SECRETS = ("remote-secret", "signing-secret")


@pytest.fixture(scope="module")
def made(play: Play) -> Play:
    play.wanted["repositories"] = repositories(PAIRS)
    play.up()
    return play


def live(play: Play) -> dict[str, Any]:
    return {entry["name"]: entry for entry in play.ask("GET", "/v1/repositorySettings").json()}


def test_every_combination_of_the_schema_is_created(made: Play) -> None:
    assert set(made.wanted["repositories"]) <= set(live(made))
    assert len(made.wanted["repositories"]) == 69


def test_a_refresh_finds_no_drift(made: Play) -> None:
    made.counted()
    text = made.preview("--refresh", "--expect-no-changes")
    assert "unchanged" in text
    assert len(made.counted()) <= 10


def test_the_state_has_no_plain_secret(made: Play) -> None:
    text = "".join(path.read_text(errors="ignore") for path in (made.folder / "state").rglob("*") if path.is_file())
    assert not [secret for secret in SECRETS if secret in text]


def test_each_is_updated_in_one_field_and_none_is_replaced(made: Play) -> None:
    made.wanted["repositories"] = {name: changed(declared) for name, declared in made.wanted["repositories"].items()}
    text = made.up()
    assert "69 updated" in text
    assert "replaced" not in text
    there = live(made)
    for name, declared in made.wanted["repositories"].items():
        if declared["type"] == "proxy":
            assert there[name]["negativeCache"]["timeToLive"] == 60
        else:
            assert there[name]["online"] is False


def drifted(declared: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """The body of a PUT by hand, with the secrets that the server does not show and one changed field."""
    body = merged(there, {key: value for key, value in declared.items() if key not in ("format", "type")})
    return merged(body, {"negativeCache": {"timeToLive": 61}} if declared["type"] == "proxy" else {"online": True})


def test_an_up_reverts_drift_of_each(made: Play) -> None:
    before = live(made)
    for name, declared in made.wanted["repositories"].items():
        path = f"/v1/repositories/{declared['format']}/{declared['type']}/{name}"
        made.ask("PUT", path, drifted(declared, before[name])).raise_for_status()
    made.ask("DELETE", "/v1/repositories/npm-group").raise_for_status()
    text = made.up("--refresh")
    assert "1 created" in text
    assert "68 updated" in text
    after = live(made)
    assert {name: after[name] for name in made.wanted["repositories"]} == {
        name: before[name] for name in made.wanted["repositories"]
    }


def test_all_are_removed_in_an_order_that_the_server_accepts(made: Play) -> None:
    made.wanted["repositories"] = {}
    text = made.up()
    assert "69 deleted" in text
    assert not [name for name in live(made) if not name.startswith(("maven-", "nuget"))]
