"""`pulumi up` creates, changes and removes the kinds of licensed servers, scripts and clouds too."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nexus.schema.merging import merged
from tests.integration.provider.licensed import CHANGES, DRIFTS, OPTIONS, READ, SECRETS, UNDECLARED, WRITE, licensed
from tests.integration.provider.play import Play
from tests.support.versions import NEWEST


@pytest.fixture(scope="module")
def made(playing: Callable[..., Play]) -> Iterator[Play]:
    with playing(NEWEST, *OPTIONS) as play:
        play.before = {
            key: play.ask("GET", READ[key], password="first-password").json() for key in ("iqServer", "crowd")
        }
        play.wanted |= licensed()
        play.up()
        yield play


def live(play: Play, key: str) -> Any:
    return play.ask("GET", READ[key]).json()


def at(key: str, part: dict[str, Any]) -> dict[str, Any]:
    """The body of an object in the stack file."""
    section, _, name = key.partition(".")
    return {section: {name: part} if name else part}


def test_a_refresh_finds_no_drift(made: Play) -> None:
    made.counted()
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")
    assert not [line for line in made.counted() if not line.startswith("GET")]


def test_all_are_on_the_server(made: Play) -> None:
    assert live(made, "blobStores.on-s3")["bucketConfiguration"]["bucket"]["prefix"] == "nexus"
    assert live(made, "blobStores.both")["members"] == ["first", "second"]
    assert live(made, "cleanupPolicies.old")["criteriaLastDownloaded"] == 30
    assert live(made, "crowd")["applicationName"] == "nexus"
    assert live(made, "oauth2")["exactMatchClaims"] == {"aud": "nexus"}
    assert made.ask("GET", "/v1/system/mandatory-telemetry-acknowledgement").json() == {"acknowledgement": True}


def test_the_state_has_no_plain_secret(made: Play) -> None:
    text = made.pulumi("stack", "export", "--stack", "test")
    assert not [secret for secret in SECRETS if secret in text]


def test_drift_of_declared_fields_is_found_and_reverted(made: Play) -> None:
    for key, change in DRIFTS.items():
        made.ask("PUT", WRITE.get(key, READ[key]), {**live(made, key), **secrets(key), **change}).raise_for_status()
    assert f"{len(DRIFTS) - len(UNDECLARED)} updated" in made.up("--refresh")
    assert live(made, "iqServer")["username"] == "nexus"
    assert live(made, "scripts.hello")["content"] == "log.info('hello')"
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")


def secrets(key: str) -> dict[str, Any]:
    """The secrets that a PUT by hand needs beside the answer, which has no keys of blob stores."""
    section, _, name = key.partition(".")
    part = licensed()[section]
    configuration = (part[name] if name else part).get("bucketConfiguration")
    return {"bucketConfiguration": configuration} if configuration else {}


def test_changes_update_only_the_changed_objects_and_replace_none(made: Play) -> None:
    for key, change in CHANGES.items():
        made.wanted = merged(made.wanted, at(key, change))
    text = made.up()
    assert f"{len(CHANGES)} updated" in text
    assert "replaced" not in text


def test_the_server_has_exactly_the_changes(made: Play) -> None:
    assert live(made, "blobStores.on-s3")["softQuota"]["limit"] == 2 << 40
    assert live(made, "blobStores.both")["members"] == ["second"]
    assert live(made, "crowd")["url"] == "https://crowd2.provider.test"
    assert live(made, "iqServer")["timeoutSeconds"] == 60
    assert live(made, "iqServer")["url"] == "https://iq.provider.test"
    assert "unchanged" in made.preview("--refresh", "--expect-no-changes")


def test_another_bucket_replaces_the_blob_store(made: Play) -> None:
    made.wanted = merged(made.wanted, at("blobStores.on-s3", {"bucketConfiguration": {"bucket": {"name": "another"}}}))
    assert "1 replaced" in made.up()
    assert live(made, "blobStores.on-s3")["bucketConfiguration"]["bucket"]["name"] == "another"


def test_everything_is_removed_and_settings_get_their_prior_values(made: Play) -> None:
    for section in licensed():
        made.wanted.pop(section)
    assert "deleted" in made.up()
    for key in READ:
        if "." in key:
            assert made.ask("GET", READ[key]).status_code in (400, 404), key
    for key, before in made.before.items():
        assert live(made, key)["enabled"] is before["enabled"] is False
    assert made.ask("GET", "/v1/system/mandatory-telemetry-acknowledgement").json() == {"acknowledgement": True}
