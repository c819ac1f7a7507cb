"""Objects with content or in use are not removed, and no state is lost while the server is down.

The numbers are those of the list of known complaints about other tools.
"""

from pathlib import Path

import pytest

from tests.integration.provider.complaining import live, unchanged
from tests.integration.provider.play import Failed, Play
from tests.integration.provider.tls import make_certificate


def test_04_a_repository_with_content_is_neither_replaced_nor_removed(made: Play) -> None:
    made.wanted["repositories"]["full"] = {"format": "raw", "type": "hosted", "storage": {"writePolicy": "ALLOW"}}
    made.up()
    made.store("full/a.txt", b"precious")
    full = made.wanted["repositories"].pop("full")
    with pytest.raises(Failed, match=r"full: holds content and would be removed .*allowDataLoss"):
        made.preview()
    made.wanted["repositories"]["full"] = {**full, "storage": {"blobStoreName": "plain"}}
    with pytest.raises(Failed, match=r"full: holds content and would be replaced .*allowDataLoss"):
        made.preview()
    made.wanted["repositories"]["full"] = {**full, "storage": {"writePolicy": "DENY"}}
    assert "replaced" not in made.up()
    del made.wanted["repositories"]["full"]
    made.wanted["allowDataLoss"] = ["full"]
    made.up()
    del made.wanted["allowDataLoss"]
    made.up()


def test_11_a_blob_store_is_removed_after_its_repositories(made: Play) -> None:
    made.wanted["blobStores"]["brief"] = {}
    made.wanted["repositories"]["on-brief"] = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "brief"}}
    made.up()
    del made.wanted["blobStores"]["brief"], made.wanted["repositories"]["on-brief"]
    assert "deleted" in made.up()
    assert made.ask("GET", "/v1/blobstores/file/brief").status_code == 404


def test_12_no_state_is_lost_if_the_server_does_not_answer(made: Play) -> None:
    made.stop()
    try:
        text = made.preview("--refresh")
        assert "the last known state is kept" in text
        assert "to create" not in text
    finally:
        made.start()
    assert unchanged(made)


def test_12_an_untrusted_certificate_does_not_fail_a_refresh_that_may_replace_it(made: Play, tmp_path: Path) -> None:
    chain = made.folder / "leaf.pem"
    right = chain.read_bytes()
    make_certificate(tmp_path)
    made.stop()
    chain.write_bytes((tmp_path / "leaf.pem").read_bytes())
    made.start()
    try:
        text = made.up("--refresh")
        assert "the last known state is kept" in text
        assert "its certificate is not trusted" in text
        made.wanted["repositories"]["unsent"] = {"format": "raw", "type": "hosted"}
        with pytest.raises(Failed, match="its certificate is not trusted"):
            made.up()
        assert made.counted() == []
    finally:
        made.wanted["repositories"].pop("unsent", None)
        made.stop()
        chain.write_bytes(right)
        made.start()
    made.up()
    assert unchanged(made)


def test_04_a_removal_is_refused_while_the_content_is_unknown(made: Play) -> None:
    gone = made.wanted["repositories"].pop("sample-hosted")
    privileges = {name: made.wanted["privileges"].pop(name) for name in list(made.wanted["privileges"]) if "s" in name}
    people = {key: made.wanted.pop(key) for key in ("roles", "users", "samlUsers", "oauth2Users")}
    made.stop()
    try:
        with pytest.raises(Failed, match=r"sample-hosted: may hold content \(asking Nexus failed: .*allowDataLoss"):
            made.preview()
    finally:
        made.start()
        made.wanted["repositories"]["sample-hosted"] = gone
        made.wanted["privileges"] |= privileges
        made.wanted |= people
    assert unchanged(made)


def test_24_a_removed_setting_is_restored_or_retained(made: Play) -> None:
    made.wanted["retain"] = ["email"]
    made.up()
    email, proxy = made.wanted.pop("email"), made.wanted.pop("httpProxy")
    made.up()
    assert live(made, "/v1/email")["host"] == "mail.provider.test"
    assert live(made, "/v1/http")["httpProxy"] is None
    made.wanted |= {"email": email, "httpProxy": proxy}
    del made.wanted["retain"]
    made.up()
