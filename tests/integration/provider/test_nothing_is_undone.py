"""Secrets, settings and objects that nobody declared stay as they are, and nobody is locked out.

Each sequence runs on the stand-in as on a server of somebody else's, or on the one that NEXUS_URL names.
"""

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from exports.departure import refused
from nexus.http.client import NexusClient
from tests.integration.provider.generated.engine import InProcess
from tests.integration.provider.play import ADMIN, Failed, Play
from tests.integration.provider.real import URL
from tests.integration.provider.samples import KEY
from tests.integration.provider.sequence import (
    LOGIN,
    REMOTE,
    exchanges,
    exported,
    group,
    live,
    post,
    proxy,
    raw,
    served,
    unchanged,
)

INLINE = {"raw": {"contentDisposition": "INLINE"}}


@pytest.fixture
def play(elsewhere: Play) -> Play:
    return elsewhere


def test_4_an_undeclared_password_of_the_mail_server_survives(play: Play) -> None:
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
        assert change["request"]["password"]  # the placeholder, for which the server keeps its own
    assert unchanged(play)


def test_4_a_secret_that_a_change_would_wipe_is_named_at_preview(play: Play) -> None:
    post(play, "/v1/repositories/raw/proxy", proxy("theirs", authentication=LOGIN))
    before = live(play, "/v1/repositories/raw/proxy/theirs")
    repository: dict[str, Any] = {"format": "raw", "type": "proxy", "proxy": {"remoteUrl": REMOTE}, "adopt": True}
    play.wanted["repositories"] = {"theirs": repository}
    play.up()  # just as it is there: nothing is sent
    assert live(play, "/v1/repositories/raw/proxy/theirs") == before
    repository["proxy"] = {"remoteUrl": REMOTE, "metadataMaxAge": 7}
    with pytest.raises(Failed, match=r"declare httpClient\.authentication\.password as a secret"):
        play.preview()
    repository["httpClient"] = {"authentication": LOGIN}
    play.up()
    assert live(play, "/v1/repositories/raw/proxy/theirs")["proxy"]["metadataMaxAge"] == 7
    assert live(play, "/v1/repositories/raw/proxy/theirs")["proxy"]["contentMaxAge"] == 77
    assert unchanged(play)


def test_4_the_passphrase_of_a_signing_key_is_not_wiped_by_an_adoption(play: Play) -> None:
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


def test_5_an_export_has_no_secret_in_clear_and_names_each_once(play: Play) -> None:
    signing = {"apt": {"distribution": "bookworm"}, "aptSigning": {"keypair": KEY, "passphrase": "signing-secret"}}
    apt = {key: value for key, value in raw("debian").items() if key != "raw"}
    post(play, "/v1/repositories/apt/hosted", {**apt, **signing})
    post(play, "/v1/repositories/apt/hosted", {**apt, **signing, "name": "open", "aptSigning": {"keypair": KEY}})
    post(play, "/v1/repositories/raw/proxy", proxy("theirs", authentication=LOGIN))
    text = exported(play)
    assert "PRIVATE KEY" not in text
    for key in (
        "repositories.debian.aptSigning.keypair",
        "repositories.debian.aptSigning.passphrase",
        "repositories.open.aptSigning.keypair",
        "repositories.theirs.httpClient.authentication.password",
    ):
        assert text.count(f"--secret --path {key}\n") == 1, key
    assert "bearerToken" not in text


def test_6_a_server_that_is_read_only_is_not_written_to(play: Play) -> None:
    play.wanted["repositories"] = {"files": {"format": "raw", "type": "hosted"}}
    play.up()
    play.ask("POST", "/v1/read-only/freeze").raise_for_status()
    try:
        play.wanted["repositories"]["files"]["online"] = False
        with pytest.raises(Failed, match="is read-only: nothing was changed"):
            play.up()
    finally:
        play.ask("POST", "/v1/read-only/force-release").raise_for_status()
    play.up()
    assert live(play, "/v1/repositories/raw/hosted/files")["online"] is False


def test_7_a_removal_that_would_be_refused_is_refused_before_anything_goes(play: Play) -> None:
    play.wanted["repositories"] = {
        "files": {"format": "raw", "type": "hosted", "storage": {"writePolicy": "ALLOW"}},
        "reader": {"format": "raw", "type": "group", "group": {"memberNames": ["files"]}},
    }
    play.wanted["roles"] = {"ours": {"pull": ["reader"]}}
    play.up()
    assert refused(play.secret_state()) == ""
    play.store("files/a.txt", b"precious")
    text = refused(play.secret_state())
    assert "files holds content and would be removed; nothing has gone yet" in text
    assert "pulumi config set --path 'allowDataLoss[0]' files" in text
    assert "make up, which applies that, then make down once more" in text
    play.wanted["allowDataLoss"] = ["files"]
    play.up()
    assert refused(play.secret_state()) == ""
    play.destroy()


def test_8_a_password_that_was_changed_there_and_then_in_the_stack_file_lets_everything_in(play: Play) -> None:
    play.wanted["repositories"] = {"files": {"format": "raw", "type": "hosted"}}
    play.up()
    play.change_password(ADMIN, "changed-there")
    try:
        with pytest.raises(Failed, match="answers 401 to user admin: the passwords tried are the one that the stack"):
            play.preview("--refresh")
        play.wanted["passwords"]["admin"] = "changed-there"
        assert "unchanged" in play.preview("--refresh")
        assert "deleted" in play.destroy()
    finally:
        play.change_password("changed-there", ADMIN)


def test_8_a_server_whose_old_address_answers_404_is_found_at_the_one_of_the_stack_file(play: Play) -> None:
    play.wanted["repositories"] = {"files": {"format": "raw", "type": "hosted"}}
    play.up()
    play.move()
    assert "unchanged" in play.preview("--refresh")
    assert "deleted" in play.destroy()
    assert play.ask("GET", "/v1/repositories/files").status_code == 404


def test_9_an_export_with_roles_that_name_a_repositorys_privileges_needs_one_up(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("written"))
    privileges = ["nx-repository-admin-raw-written-read", "nx-repository-view-raw-written-read"]
    role = {"id": "a-reader", "name": "a-reader", "description": "", "privileges": privileges, "roles": []}
    post(play, "/v1/security/roles", role)
    topology = yaml.safe_load(exported(play))
    for path in ("/v1/security/roles/a-reader", "/v1/repositories/written"):
        play.ask("DELETE", path).raise_for_status()
    play.wanted |= {"roles": topology["roles"], "repositories": {"written": topology["repositories"]["written"]}}
    play.up()
    assert sorted(live(play, "/v1/security/roles/a-reader")["privileges"]) == privileges
    assert unchanged(play)


def test_11_the_content_disposition_of_a_raw_group_is_taken_and_survives_an_adoption(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("files"))
    play.store("files/a.html", b"<html></html>")
    there = {**group("theirs", "files"), **INLINE}
    post(play, "/v1/repositories/raw/group", there)
    repository: dict[str, Any] = {"format": "raw", "type": "group", "group": {"memberNames": ["files"]}, "adopt": True}
    files = {"format": "raw", "type": "hosted", "adopt": True}
    play.wanted["repositories"] = {"files": files, "theirs": repository}
    play.up()  # just as it is there: nothing is sent
    repository["storage"] = {"strictContentTypeValidation": True}
    play.up()
    assert disposition(play, "theirs/a.html") == "inline"
    repository["raw"] = {"contentDisposition": "ATTACHMENT"}
    play.up()
    assert disposition(play, "theirs/a.html") == "attachment"
    assert unchanged(play)
    play.ask("PUT", "/v1/repositories/raw/group/theirs", there).raise_for_status()
    assert "1 updated" in play.up("--refresh")
    assert disposition(play, "theirs/a.html") == "attachment"
    assert unchanged(play)


def test_11_a_replaced_member_leaves_the_content_disposition_of_its_group(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("files"))
    play.store("files/a.html", b"<html></html>")
    play.wanted |= {"blobStores": {"other": {}}, "repositories": {"ours": {"format": "raw", "type": "hosted"}}}
    play.up()
    post(play, "/v1/repositories/raw/group", {**group("theirs", "files", "ours"), **INLINE})
    play.wanted["repositories"]["ours"]["storage"] = {"blobStoreName": "other"}
    play.up()
    assert live(play, "/v1/repositories/raw/group/theirs")["group"]["memberNames"] == ["files", "ours"]
    assert disposition(play, "theirs/a.html") == "inline"


def test_11_where_nothing_shows_it_no_member_is_replaced(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = play.environment
    engine = InProcess(environment["NEXUS_URL"], Path(environment["NEXUS_CA"]), environment["NEXUS_ADDRESS"])
    wanted = {**play.wanted, "blobStores": {"other": {}}, "repositories": {"ours": {"format": "raw", "type": "hosted"}}}
    engine.up(wanted, refresh=False, order=0)
    post(play, "/v1/repositories/raw/group", {**group("theirs", "ours"), **INLINE})
    before = live(play, "/v1/repositorySettings")
    wanted["repositories"]["ours"]["storage"] = {"blobStoreName": "other"}
    monkeypatch.setattr(NexusClient, "asked_by_pages", lambda *_: [])
    for command in (engine.preview, partial(engine.up, order=0)):
        with pytest.raises(Failed, match=r"theirs would get its members anew, and lose raw\.contentDisposition"):
            command(wanted, refresh=True)
    assert live(play, "/v1/repositorySettings") == before


def disposition(play: Play, path: str) -> str:
    return play.send("GET", f"/repository/{path}").headers["Content-Disposition"].partition(";")[0]


def test_12_the_shipped_blob_store_is_adopted_and_taken_out_again(play: Play) -> None:
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


def test_16_who_clients_without_a_login_are_is_managed_too(play: Play) -> None:
    path, shipped = "/v1/security/anonymous", {"userId": "anonymous", "realmName": "NexusAuthorizingRealm"}
    before = live(play, path)
    play.wanted["anonymousAccess"] = True
    play.up()
    assert live(play, path) == {"enabled": True, **shipped}
    _forget(play, *shipped)  # as states of before are
    assert unchanged(play)
    guest = {"userId": "guest", "firstName": "G", "lastName": "G", "emailAddress": "guest@provider.test"}
    post(
        play, "/v1/security/users", {**guest, "password": "of-the-guest", "status": "active", "roles": ["nx-anonymous"]}
    )
    play.ask("PUT", path, {"enabled": True, **shipped, "userId": "guest"}).raise_for_status()
    assert "1 updated" in play.up("--refresh")
    assert live(play, path) == {"enabled": True, **shipped}
    play.wanted["anonymousAccess"] = {"enabled": True, "userId": "guest"}
    play.up()
    assert live(play, path)["userId"] == "guest"
    assert unchanged(play)
    del play.wanted["anonymousAccess"]
    play.up()
    assert live(play, path) == before


def _forget(play: Play, *keys: str) -> None:
    state = play.secret_state()
    (kept,) = [each for each in state["deployment"]["resources"] if each["type"].endswith("AnonymousAccess")]
    for part in ("inputs", "outputs"):
        for key in keys:
            del kept[part]["body"][key]
    file = play.folder / "older.json"
    file.write_text(json.dumps(state))
    play.pulumi("stack", "import", "--stack", "test", "--file", str(file))


def test_17_an_adopted_repository_is_moved_when_its_blob_store_is_declared_later(play: Play) -> None:
    post(play, "/v1/repositories/raw/hosted", raw("theirs"))
    repository: dict[str, Any] = {"format": "raw", "type": "hosted", "adopt": True}
    play.wanted |= {"blobStores": {"ours": {}}, "repositories": {"theirs": repository}}
    play.up()
    repository |= {"storage": {"blobStoreName": "default"}, "onDelete": "delete"}
    play.up()  # where it is already
    play.store("theirs/a.txt", b"precious")
    repository["storage"] = {"blobStoreName": "ours"}
    with pytest.raises(Failed, match="theirs: holds content and would be replaced"):
        play.preview()
    play.wanted["allowDataLoss"] = ["theirs"]
    del repository["storage"]
    play.up()  # the blob store is the server's own affair again
    assert served(play, "theirs/a.txt") == b"precious"
    repository["storage"] = {"blobStoreName": "ours"}
    play.up()
    assert live(play, "/v1/repositories/raw/hosted/theirs")["storage"]["blobStoreName"] == "ours"
    assert unchanged(play)


def test_17_what_was_adopted_is_shown_so_and_stays_when_it_leaves_the_stack_file(play: Play) -> None:
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
    shown = sorted(re.findall(r"adopted +: (\w+)", text))  # resources are shown as they come
    assert shown == ["false", "true", "true", "true"]
    play.up()
    assert live(play, "/v1/security/roles/adopted")["privileges"] == ["nx-search-read"]  # undeclared: as it was
    assert unchanged(play)
    play.wanted["roles"] = {}
    play.up()
    there = {role["id"] for role in live(play, "/v1/security/roles")}
    assert there & {"adopted", "equal", "given", "new"} == {"adopted", "equal"}
