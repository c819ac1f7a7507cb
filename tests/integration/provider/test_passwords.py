"""Passwords and secrets are sent when needed, shown nowhere, and lock nobody out.

The numbers are those of the list of known complaints about other tools.
"""

import json
from pathlib import Path

import pytest
import requests

from tests.integration.provider.complaining import live, unchanged
from tests.integration.provider.play import ADMIN, Failed, Play
from tests.integration.provider.samples import REMOTE


def test_01_write_only_secrets_show_no_diff_and_are_sent_with_every_put(made: Play) -> None:
    repository = {
        "format": "raw",
        "type": "proxy",
        "proxy": {"remoteUrl": REMOTE},
        "httpClient": {"authentication": {"type": "username", "username": "u", "password": "remote-secret"}},
    }
    made.wanted["repositories"]["with-secret"] = repository
    made.up()
    assert unchanged(made)
    repository["negativeCache"] = {"timeToLive": 5}
    made.up()  # the server refuses a PUT without the password
    assert live(made, "/v1/repositories/raw/proxy/with-secret")["httpClient"]["authentication"]["username"] == "u"


def test_21_no_object_carries_credentials_or_code(made: Play) -> None:
    resources = [r for r in made.state()["deployment"]["resources"] if "dynamic/nexus" in r["type"]]
    assert {len(resource["inputs"]["__provider"]) for resource in resources} == {68}
    assert ADMIN not in json.dumps([r for r in resources if not r["type"].endswith(":Password")])


def test_22_a_new_admin_password_locks_nobody_out(made: Play) -> None:
    made.wanted["passwords"]["admin"] = "the-next-password"
    made.up("--refresh")
    assert made.ask("GET", "/v1/security/users", password="the-next-password").ok
    assert made.ask("GET", "/v1/security/users", password=ADMIN).status_code == 401
    made.wanted["passwords"]["admin"] = ADMIN
    made.up()
    assert unchanged(made)


def test_22_a_failed_removal_beside_a_new_admin_password_locks_nobody_out(
    made: Play,
) -> None:
    """The provider gets the new password before the server does."""
    made.wanted["repositories"]["leaving"] = {"format": "raw", "type": "hosted"}
    made.up()
    made.given = ADMIN
    made.store("leaving/file.txt", b"stored by somebody")
    leaving = made.wanted["repositories"].pop("leaving")
    made.wanted["passwords"]["admin"] = "the-next-password"
    for _ in range(2):  # the second time the state has the new password, but the server does not
        with pytest.raises(Failed, match="leaving: holds content and would be removed"):
            made.up("--refresh", "--skip-preview")
    assert made.ask("GET", "/v1/security/users", password=ADMIN).ok
    made.wanted["repositories"]["leaving"] = leaving
    made.up("--refresh")
    assert made.ask("GET", "/v1/security/users", password="the-next-password").ok
    made.given = "the-next-password"
    made.wanted["passwords"]["admin"] = ADMIN
    made.wanted["repositories"].pop("leaving")
    made.wanted["allowDataLoss"] = ["leaving"]
    made.up("--refresh")
    made.given = ""
    made.wanted.pop("allowDataLoss")
    made.up()
    assert unchanged(made)


def test_22_a_password_changed_by_hand_is_one_error_line(made: Play) -> None:
    change_password(made, ADMIN, "changed-by-hand")
    try:
        with pytest.raises(Failed) as failure:
            made.preview("--refresh")
    finally:
        change_password(made, "changed-by-hand", ADMIN)
    diagnostics = str(failure.value).partition("Diagnostics:")[2]
    assert diagnostics.count(" answers 401 to user admin: ") == 1
    assert diagnostics.count("pulumi config set --secret --path passwords.admin") == 1
    assert unchanged(made)


def change_password(play: Play, old: str, new: str) -> None:
    url = f"http://127.0.0.1:{play.plain_port}/service/rest/v1/security/users/admin/change-password"
    text = {"Content-Type": "text/plain"}
    requests.put(url, data=new, headers=text, auth=("admin", old), timeout=30).raise_for_status()


def test_23_no_password_is_readable_in_state_or_output(made: Play) -> None:
    text = made.preview("--diff", "--refresh")
    text += "".join(path.read_text(errors="ignore") for path in (made.folder / "state").rglob("*") if path.is_file())
    assert not [secret for secret in (ADMIN, "the-bob-password", "mail-secret", "remote-secret") if secret in text]


def test_the_state_names_no_folder_of_the_machine(made: Play) -> None:
    objects = [r for r in made.state()["deployment"]["resources"] if "dynamic/nexus" in r["type"]]
    assert not [r for r in objects if "stackTrace" in r or str(Path.home()) in json.dumps(r)]
