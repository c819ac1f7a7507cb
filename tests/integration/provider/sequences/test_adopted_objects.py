"""Undeclared settings of an adopted object stay unchanged, including its secrets.

Each sequence runs on the stand-in as an external server, or on the server in NEXUS_URL.
"""

import re
from typing import Any

import pytest
import requests

from tests.integration.provider.play import Failed, Play
from tests.integration.provider.real import URL
from tests.integration.provider.samples import KEY
from tests.integration.provider.sequence import (
    LOGIN,
    REMOTE,
    exchanges,
    live,
    post,
    proxy,
    raw,
    served,
    unchanged,
)


def test_an_undeclared_password_of_the_mail_server_is_kept(play: Play) -> None:
    theirs_ = {"enabled": True, "host": "localhost", "port": 25, "fromAddress": "nexus@provider.test"}
    login = {**theirs_, "username": "nexus", "password": "mail-secret"}
    play.ask("PUT", "/v1/email", login).raise_for_status()
    play.wanted["email"] = {"enabled": True, "host": "localhost", "port": 2525, "fromAddress": "nexus@provider.test"}
    play.up()
    assert live(play, "/v1/email")["username"] == "nexus"
    if not URL:
        (change,) = [
            each for each in exchanges(play) if (each["method"], each["path"]) == ("PUT", "/service/rest/v1/email")
        ][-1:]
        assert change["request"]["password"]  # a placeholder, with which the server keeps its password
    assert unchanged(play)


def test_the_preview_names_a_secret_that_a_change_would_wipe(play: Play) -> None:
    post(play, "/v1/repositories/raw/proxy", proxy("theirs", authentication=LOGIN))
    before = live(play, "/v1/repositories/raw/proxy/theirs")
    repository: dict[str, Any] = {"format": "raw", "type": "proxy", "proxy": {"remoteUrl": REMOTE}, "adopt": True}
    play.wanted["repositories"] = {"theirs": repository}
    play.up()  # equals the server's: nothing is sent
    assert live(play, "/v1/repositories/raw/proxy/theirs") == before
    repository["proxy"] = {"remoteUrl": REMOTE, "metadataMaxAge": 7}
    with pytest.raises(Failed, match=r"declare httpClient\.authentication\.password as a secret"):
        play.preview()
    repository["httpClient"] = {"authentication": LOGIN}
    play.up()
    assert live(play, "/v1/repositories/raw/proxy/theirs")["proxy"]["metadataMaxAge"] == 7
    assert live(play, "/v1/repositories/raw/proxy/theirs")["proxy"]["contentMaxAge"] == 77
    assert unchanged(play)


def test_an_adoption_does_not_wipe_the_passphrase_of_a_signing_key(play: Play) -> None:
    signing = {"apt": {"distribution": "bookworm"}, "aptSigning": {"keypair": KEY, "passphrase": "signing-secret"}}
    apt = {key: value for key, value in raw("debian").items() if key != "raw"}
    post(play, "/v1/repositories/apt/hosted", {**apt, **signing})
    before = live(play, "/v1/repositories/apt/hosted/debian")
    repository = {"format": "apt", "type": "hosted", "apt": {"distribution": "trixie"}, "adopt": True}
    play.wanted["repositories"] = {"debian": repository}
    with pytest.raises(Failed, match=r"declare aptSigning\.passphrase as a secret"):
        play.preview()
    with pytest.raises(Failed, match=r"declare aptSigning\.passphrase as a secret"):
        play.up()
    assert live(play, "/v1/repositories/apt/hosted/debian") == before


def test_the_shipped_blob_store_is_adopted_and_released_again(play: Play) -> None:
    play.wanted["blobStores"] = {
        "default": {"adopt": True, "softQuota": {"type": "spaceUsedQuota", "limit": "10GiB"}},
        "ours": {},
    }
    play.up()
    there = live(play, "/v1/blobstores/file/default")
    assert there["softQuota"]["limit"] == 10 << 30
    assert unchanged(play)
    play.wanted["blobStores"] = {"ours": {}}
    play.up()
    assert live(play, "/v1/blobstores/file/default") == there
    assert unchanged(play)


def test_an_adopted_repository_is_moved_when_its_blob_store_is_declared_later(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("theirs"))
    repository: dict[str, Any] = {"format": "raw", "type": "hosted", "adopt": True}
    play.wanted |= {"blobStores": {"ours": {}}, "repositories": {"theirs": repository}}
    play.up()
    repository |= {"storage": {"blobStoreName": "default"}, "onDelete": "delete"}
    play.up()  # no change
    play.store("theirs/a.txt", b"precious")
    repository["storage"] = {"blobStoreName": "ours"}
    with pytest.raises(Failed, match="theirs: holds content and would be replaced"):
        play.preview()
    play.wanted["allowDataLoss"] = ["theirs"]
    del repository["storage"]
    play.up()  # the blob store is undeclared again
    assert served(play, "theirs/a.txt") == b"precious"
    repository["storage"] = {"blobStoreName": "ours"}
    play.up()
    assert live(play, "/v1/repositories/raw/hosted/theirs")["storage"]["blobStoreName"] == "ours"
    assert unchanged(play)


def test_adopted_objects_are_marked_in_the_preview_and_stay_when_they_leave_the_stack_file(play: Play) -> None:
    for name in ("adopted", "equal", "given"):
        role = {"id": name, "name": name, "description": "theirs", "privileges": ["nx-search-read"], "roles": []}
        post(play, "/v1/security/roles", role)
    equal = {"description": "theirs", "privileges": ["nx-search-read"]}
    play.wanted["roles"] = {
        "adopted": {"adopt": True, "description": "ours"},
        "equal": equal,
        "given": {**equal, "onDelete": "delete"},
        "new": {"adopt": True, "description": "ours"},
    }
    text = play.preview("--diff")
    shown = sorted(re.findall(r"adopted +: (\w+)", text))  # the order of resources varies
    assert shown == ["false", "true", "true", "true"]
    play.up()
    assert live(play, "/v1/security/roles/adopted")["privileges"] == ["nx-search-read"]  # undeclared: unchanged
    assert unchanged(play)
    play.wanted["roles"] = {}
    play.up()
    there = {role["id"] for role in live(play, "/v1/security/roles")}
    assert there & {"adopted", "equal", "given", "new"} == {"adopted", "equal"}


def test_an_object_that_is_adopted_strictly_has_no_unseen_field(play: Play) -> None:
    """The switch to strict sends nothing, or it would wipe the secret; afterwards a field that was empty is managed."""
    theirs = proxy("strictly", authentication=LOGIN)
    post(play, "/v1/repositories/raw/proxy", theirs)
    post(play, "/v1/routing-rules", {"name": "strict", "description": "", "mode": "ALLOW", "matchers": ["^/org/.*"]})
    login = {key: value for key, value in LOGIN.items() if key != "password"}
    fields = {key: theirs[key] for key in ("online", "proxy", "negativeCache")}
    fields["storage"] = {"blobStoreName": "default", "strictContentTypeValidation": False}
    client = {**theirs["httpClient"], "authentication": login}
    repository = {**fields, "format": "raw", "type": "proxy", "httpClient": client, "adopt": True}
    rule = {"matchers": ["^/org/.*"], "mode": "ALLOW", "adopt": True}
    play.wanted |= {"repositories": {"strictly": repository}, "routingRules": {"strict": rule}}
    play.up()
    path = "/v1/repositories/raw/proxy/strictly"
    before = live(play, path)
    attached = {**theirs, "routingRuleName": "strict", "routingRule": "strict"}
    play.ask("PUT", path, attached).raise_for_status()
    assert unchanged(play)  # undeclared, so it is the server's
    play.ask("PUT", path, theirs).raise_for_status()
    repository["adopt"] = rule["adopt"] = "strict"
    play.up()
    assert live(play, path) == before
    assert unchanged(play)
    play.ask("PUT", path, attached).raise_for_status()
    with pytest.raises(Failed, match=r"declare httpClient\.authentication\.password as a secret"):
        play.preview("--refresh")
    client["authentication"] = LOGIN
    play.up("--refresh")
    assert live(play, path) == before
    del rule["mode"]
    assert "1 to update" in play.preview()  # back to our default, BLOCK


def test_a_user_is_adopted_without_a_password_and_keeps_its_own(play: Play) -> None:
    carl = {"userId": "carl.old", "firstName": "C", "lastName": "O", "emailAddress": "c@domain.org"}
    theirs_ = {**carl, "status": "active", "roles": ["nx-anonymous"], "password": "the-password-of-carl"}
    post(play, "/v1/security/users", theirs_)
    user: dict[str, Any] = {
        "firstName": "Carl",
        "lastName": "O",
        "emailAddress": "c@domain.org",
        "roles": ["nx-anonymous"],
    }
    user["adopt"] = True
    play.wanted["users"] = {"carl.old": user, "nobody": user}
    with pytest.raises(Failed, match=r"passwords\.nobody: user nobody is not on the server, so a password is required"):
        play.preview()
    del play.wanted["users"]["nobody"]
    play.up()
    (found,) = live(play, "/v1/security/users?userId=carl.old")
    assert found["firstName"] == "Carl"
    assert logs_in(play, "the-password-of-carl")
    assert unchanged(play)
    play.wanted["passwords"]["carl.old"] = "another-password-of-carl"
    play.up()
    assert logs_in(play, "another-password-of-carl")
    assert unchanged(play)


def logs_in(play: Play, password: str) -> bool:
    url = f"http://127.0.0.1:{play.plain_port}/service/rest/v1/repositories"
    return requests.get(url, auth=("carl.old", password), timeout=30).ok
