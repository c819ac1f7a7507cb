"""Nobody is locked out of a server, nothing on it is refused half-way, and an export of it can be applied.

Each sequence runs on the stand-in as on an external server, or on the one that NEXUS_URL names.
"""

import json

import pytest
import yaml

from exports.removal import refused
from tests.integration.provider.play import ADMIN, Failed, Play
from tests.integration.provider.samples import KEY
from tests.integration.provider.sequence import (
    LOGIN,
    exported,
    live,
    post,
    proxy,
    raw,
    unchanged,
)


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
    assert "files holds content and would be removed; nothing has been removed yet" in text
    assert "pulumi config set --path 'allowDataLoss[0]' files" in text
    assert "make up, which applies that, then make down again" in text
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
