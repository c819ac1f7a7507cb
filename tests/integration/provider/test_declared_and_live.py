"""The server gets what is declared, and undeclared settings of others stay.

The numbers are those of the list of known complaints about other tools.
"""

import pytest

from nexus import schema
from tests.integration.provider.complaining import live, unchanged
from tests.integration.provider.play import ADMIN, ROOT, Failed, Play
from tests.integration.provider.samples import REMOTE


def test_02_the_first_boot_needs_no_manual_step(made: Play) -> None:
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


def test_09_order_of_privileges_and_spelling_of_actions_are_no_change(made: Play) -> None:
    made.wanted["roles"]["reader"]["privileges"].reverse()
    made.wanted["privileges"]["snapshots-read"]["actions"] = ["ALL"]
    assert unchanged(made)


def test_10_the_program_derives_dependencies_itself(made: Play) -> None:
    dependencies = {
        resource["urn"].rsplit("::", 1)[1]: [urn.rsplit("::", 1)[1] for urn in resource.get("dependencies", [])]
        for resource in made.state()["deployment"]["resources"]
    }
    assert {"sample-hosted", "content-selector-snapshots"} <= set(dependencies["privilege-snapshots-read"])
    assert {"privilege-sample-view", "sample-proxy"} <= set(dependencies["role-reader"])
    assert "role-reader" in dependencies["user-bob"]


def test_18_drift_is_shown_by_field(made: Play) -> None:
    path = "/v1/routing-rules/no-internal"
    rule = live(made, path)
    made.ask("PUT", path, {**rule, "matchers": ["^/by-hand/.*"]}).raise_for_status()
    text = made.preview("--refresh", "--diff")
    assert "^/by-hand/.*" in text
    made.up("--refresh")
    assert live(made, path)["matchers"] == rule["matchers"]


def test_19_a_quota_may_have_a_unit(made: Play) -> None:
    assert live(made, "/v1/blobstores/file/releases")["softQuota"]["limit"] == 10 * 1024**3


def test_20_an_existing_object_is_adopted_if_the_stack_file_says_so(made: Play) -> None:
    role = {"id": "by-hand", "name": "by-hand", "description": "theirs", "privileges": [], "roles": []}
    made.ask("POST", "/v1/security/roles", role).raise_for_status()
    made.wanted["roles"]["by-hand"] = {"description": "ours"}
    with pytest.raises(Failed, match=r"is on the server already and differs in description\. Fix: set `adopt: true`"):
        made.up()
    made.wanted["roles"]["by-hand"]["adopt"] = True
    made.up()
    assert live(made, "/v1/security/roles/by-hand")["description"] == "ours"
    assert unchanged(made)


def test_25_requests_are_few_where_the_edition_counts_them(made: Play) -> None:
    kinds = {r["type"] for r in made.state()["deployment"]["resources"] if "dynamic/nexus" in r["type"]}
    made.counted()
    assert unchanged(made)
    assert len(made.counted()) <= len(kinds) + 4  # a login, and requests that find the endpoint of cleanup policies
    assert "groovy" not in "".join(path.read_text() for path in (ROOT / "nexus").rglob("*.py"))


def test_the_next_up_takes_over_an_object_whose_create_answer_was_lost(made: Play) -> None:
    body = schema.complete("repository/raw/hosted", {"name": "lost", "storage": {"blobStoreName": "default"}})
    made.ask("POST", "/v1/repositories/raw/hosted", body).raise_for_status()
    made.wanted["repositories"]["lost"] = {"format": "raw", "type": "hosted"}
    assert "1 created" in made.up()
    assert unchanged(made)
