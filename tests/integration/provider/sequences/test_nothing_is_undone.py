"""No change locks anybody out or is refused half-way, and an export of a server can be applied.

Each sequence runs on the stand-in as an external server, or on the server in NEXUS_URL.
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


def test_an_export_has_no_plain_secret_and_names_none_that_an_adoption_keeps(play: Play) -> None:
    signing = {"apt": {"distribution": "bookworm"}, "aptSigning": {"keypair": KEY, "passphrase": "signing-secret"}}
    apt = {key: value for key, value in raw("debian").items() if key != "raw"}
    post(play, "/v1/repositories/apt/hosted", {**apt, **signing})
    post(play, "/v1/repositories/apt/hosted", {**apt, **signing, "name": "open", "aptSigning": {"keypair": KEY}})
    post(play, "/v1/repositories/raw/proxy", proxy("theirs", authentication=LOGIN))
    text = exported(play)
    assert "PRIVATE KEY" not in text
    assert "--secret" not in text
    play.wanted |= yaml.safe_load(text)
    play.up()
    assert live(play, "/v1/repositories/apt/hosted/debian")["apt"] == {"distribution": "bookworm"}
    assert unchanged(play)


def test_a_read_only_server_is_not_changed(play: Play) -> None:
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


def test_a_refused_down_removes_nothing(play: Play) -> None:
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


def test_preview_and_destroy_work_after_the_password_was_changed_on_the_server_and_in_the_stack_file(
    play: Play,
) -> None:
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


def test_preview_and_destroy_use_the_address_of_the_stack_file_if_the_old_one_answers_404(play: Play) -> None:
    play.wanted["repositories"] = {"files": {"format": "raw", "type": "hosted"}}
    play.up()
    play.move()
    assert "unchanged" in play.preview("--refresh")
    assert "deleted" in play.destroy()
    assert play.ask("GET", "/v1/repositories/files").status_code == 404


def test_an_export_with_roles_on_a_repositorys_privileges_needs_only_one_up(play: Play) -> None:
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


def test_the_user_of_anonymous_access_is_managed_too(play: Play) -> None:
    path, shipped = "/v1/security/anonymous", {"userId": "anonymous", "realmName": "NexusAuthorizingRealm"}
    before = live(play, path)
    play.wanted["anonymousAccess"] = True
    play.up()
    assert live(play, path) == {"enabled": True, **shipped}
    _forget(play, *shipped)  # as in older states
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
