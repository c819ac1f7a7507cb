"""What the users of other tools complain about does not happen here, each number as in the list of complaints.

Those that need no server are in tests/unit/test_complaints.py.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from nexus import schema
from tests.integration.provider.play import ADMIN, ROOT, Failed, Play
from tests.integration.provider.samples import REMOTE, everything_else
from tests.integration.provider.tls import make_certificate


@pytest.fixture(scope="module")
def made(play: Play) -> Play:
    play.wanted |= everything_else()
    play.up()
    return play


def live(play: Play, path: str) -> Any:
    return play.ask("GET", path).json()


def unchanged(play: Play) -> bool:
    return "unchanged" in play.preview("--refresh", "--expect-no-changes")


def test_01_write_only_secrets_show_no_diff_and_are_sent_again_with_every_put(made: Play) -> None:
    said = {
        "format": "raw",
        "type": "proxy",
        "proxy": {"remoteUrl": REMOTE},
        "httpClient": {"authentication": {"type": "username", "username": "u", "password": "remote-secret"}},
    }
    made.wanted["repositories"]["with-secret"] = said
    made.up()
    assert unchanged(made)
    said["negativeCache"] = {"timeToLive": 5}
    made.up()  # the server refuses a PUT without the password
    assert live(made, "/v1/repositories/raw/proxy/with-secret")["httpClient"]["authentication"]["username"] == "u"


def test_02_first_boot_needs_no_hand(made: Play) -> None:
    assert made.ask("GET", "/v1/security/users", password="first-password").status_code == 401
    assert made.ask("GET", "/v1/security/users", password=ADMIN).ok
    items = [item["type"] for item in live(made, "/internal/ui/onboarding")]
    assert "ChangeAdminPassword" not in items


def test_03_a_put_keeps_what_the_stack_file_does_not_name(made: Play) -> None:
    path = "/v1/repositories/raw/proxy/sample-proxy"
    body = live(made, path)
    by_hand = {**body, "negativeCache": {**body["negativeCache"], "enabled": True}, "routingRule": "no-internal"}
    by_hand["httpClient"] = {**body["httpClient"], "connection": {"timeout": 77}}
    made.ask("PUT", path, by_hand).raise_for_status()
    made.wanted["repositories"]["sample-proxy"]["proxy"] = {"remoteUrl": REMOTE + "other/"}
    made.up()
    assert live(made, path)["httpClient"]["connection"]["timeout"] == 77
    assert live(made, path)["routingRuleName"] == "no-internal"


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


def test_06_cleanup_policies_work_without_the_endpoint_of_the_paid_edition(made: Play) -> None:
    assert made.ask("GET", "/v1/cleanup-policies").status_code == 404
    assert live(made, "/internal/cleanup-policies/old")["criteriaLastDownloaded"] == 30


def test_08_members_keep_their_order(made: Play) -> None:
    hosted = {"format": "raw", "type": "hosted"}
    made.wanted["repositories"] |= {"z-first": hosted, "a-second": hosted}
    made.wanted["repositories"]["ordered"] = {
        "format": "raw",
        "type": "group",
        "group": {"memberNames": ["z-first", "a-second"]},
    }
    made.up()
    path = "/v1/repositories/raw/group/ordered"
    assert live(made, path)["group"]["memberNames"] == ["z-first", "a-second"]
    made.wanted["repositories"]["ordered"]["group"]["memberNames"].reverse()
    assert "1 updated" in made.up()
    assert live(made, path)["group"]["memberNames"] == ["a-second", "z-first"]


def test_09_order_and_spelling_of_roles_and_actions_are_no_change(made: Play) -> None:
    made.wanted["roles"]["reader"]["privileges"].reverse()
    made.wanted["privileges"]["snapshots-read"]["actions"] = ["ALL"]
    assert unchanged(made)


def test_10_the_program_finds_the_order_itself(made: Play) -> None:
    dependencies = {
        resource["urn"].rsplit("::", 1)[1]: [urn.rsplit("::", 1)[1] for urn in resource.get("dependencies", [])]
        for resource in made.state()["deployment"]["resources"]
    }
    assert {"sample-hosted", "content-selector-snapshots"} <= set(dependencies["privilege-snapshots-read"])
    assert {"privilege-sample-view", "sample-proxy"} <= set(dependencies["role-reader"])
    assert "role-reader" in dependencies["user-bob"]


def test_11_a_blob_store_goes_after_the_repositories_that_use_it(made: Play) -> None:
    made.wanted["blobStores"]["brief"] = {}
    made.wanted["repositories"]["on-brief"] = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "brief"}}
    made.up()
    del made.wanted["blobStores"]["brief"], made.wanted["repositories"]["on-brief"]
    assert "deleted" in made.up()
    assert made.ask("GET", "/v1/blobstores/file/brief").status_code == 404


def test_12_a_server_that_does_not_answer_costs_no_state(made: Play) -> None:
    made.stop()
    try:
        text = made.preview("--refresh")
        assert "the last known state is kept" in text
        assert "to create" not in text
    finally:
        made.start()
    assert unchanged(made)


def test_12_a_certificate_that_has_become_false_does_not_keep_an_up_from_bringing_another(
    made: Play, tmp_path: Path
) -> None:
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


def test_04_a_removal_is_refused_while_nexus_cannot_be_asked_for_content(made: Play) -> None:
    gone = made.wanted["repositories"].pop("sample-hosted")
    privileges = {name: made.wanted["privileges"].pop(name) for name in list(made.wanted["privileges"]) if "s" in name}
    people = {key: made.wanted.pop(key) for key in ("roles", "users", "samlUsers", "oauth2Users")}
    made.stop()
    try:
        with pytest.raises(
            Failed, match=r"sample-hosted: may hold content, which Nexus cannot be asked .*allowDataLoss"
        ):
            made.preview()
    finally:
        made.start()
        made.wanted["repositories"]["sample-hosted"] = gone
        made.wanted["privileges"] |= privileges
        made.wanted |= people
    assert unchanged(made)


def test_18_drift_is_seen_field_by_field(made: Play) -> None:
    path = "/v1/routing-rules/no-internal"
    rule = live(made, path)
    made.ask("PUT", path, {**rule, "matchers": ["^/by-hand/.*"]}).raise_for_status()
    text = made.preview("--refresh", "--diff")
    assert "^/by-hand/.*" in text
    made.up("--refresh")
    assert live(made, path)["matchers"] == rule["matchers"]


def test_19_a_quota_is_written_as_people_write_sizes(made: Play) -> None:
    assert live(made, "/v1/blobstores/file/releases")["softQuota"]["limit"] == 10 * 1024**3


def test_20_what_is_there_already_is_adopted_when_the_stack_file_says_so(made: Play) -> None:
    role = {"id": "by-hand", "name": "by-hand", "description": "theirs", "privileges": [], "roles": []}
    made.ask("POST", "/v1/security/roles", role).raise_for_status()
    made.wanted["roles"]["by-hand"] = {"description": "ours"}
    with pytest.raises(Failed, match=r"is on the server already and differs in description\. Fix: set `adopt: true`"):
        made.up()
    made.wanted["roles"]["by-hand"]["adopt"] = True
    made.up()
    assert live(made, "/v1/security/roles/by-hand")["description"] == "ours"
    assert unchanged(made)


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


def test_22_a_new_admin_password_goes_with_a_repository_that_leaves_and_no_failure_in_between_locks_out(
    made: Play,
) -> None:
    """The provider has the new password before the server has."""
    made.wanted["repositories"]["leaving"] = {"format": "raw", "type": "hosted"}
    made.up()
    made.given = ADMIN
    made.store("leaving/file.txt", b"stored by somebody")
    leaving = made.wanted["repositories"].pop("leaving")
    made.wanted["passwords"]["admin"] = "the-next-password"
    for _ in range(2):  # the second time the state has the new password, and the server has not
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


def test_22_a_password_that_was_changed_by_hand_is_one_error_of_one_line(made: Play) -> None:
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


def test_24_a_setting_that_leaves_is_restored_or_kept_as_the_stack_file_says(made: Play) -> None:
    made.wanted["retain"] = ["email"]
    made.up()
    email, proxy = made.wanted.pop("email"), made.wanted.pop("httpProxy")
    made.up()
    assert live(made, "/v1/email")["host"] == "mail.provider.test"
    assert live(made, "/v1/http")["httpProxy"] is None
    made.wanted |= {"email": email, "httpProxy": proxy}
    del made.wanted["retain"]
    made.up()


def test_25_requests_are_few_where_the_edition_counts_them(made: Play) -> None:
    kinds = {r["type"] for r in made.state()["deployment"]["resources"] if "dynamic/nexus" in r["type"]}
    made.counted()
    assert unchanged(made)
    assert len(made.counted()) <= len(kinds) + 4  # one login, and what finds out where cleanup policies are
    assert "groovy" not in "".join(path.read_text() for path in (ROOT / "nexus").rglob("*.py"))


def test_a_create_whose_answer_was_lost_heals_on_the_next_up(made: Play) -> None:
    body = schema.complete("repository/raw/hosted", {"name": "lost", "storage": {"blobStoreName": "default"}})
    made.ask("POST", "/v1/repositories/raw/hosted", body).raise_for_status()
    made.wanted["repositories"]["lost"] = {"format": "raw", "type": "hosted"}
    assert "1 created" in made.up()
    assert unchanged(made)


def test_the_state_names_no_folder_of_the_machine(made: Play) -> None:
    objects = [r for r in made.state()["deployment"]["resources"] if "dynamic/nexus" in r["type"]]
    assert not [r for r in objects if "stackTrace" in r or str(Path.home()) in json.dumps(r)]
