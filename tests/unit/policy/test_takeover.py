"""What is declared of a server that is taken over: all that the rules accept, and what violates policies is known."""

import json
import os
from typing import Any

from policy.takeover import REASON
from tests.unit.program.forks import printed

PASSWORD = "the-administrators-own"
SETTINGS = {
    "nexus": {"url": "https://nexus.domain.org"},
    "passwords": {"admin": PASSWORD},
    "realms": ["NexusAuthenticatingRealm", "DockerToken"],
    "anonymousAccess": False,
}


def judged(topology: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """In its own process, since the SDK has global state."""
    given = {"stack": "theirs", "settings": {**SETTINGS, **settings}, "topology": topology}
    output = printed("policy.takeover", given, os.environ)
    assert PASSWORD not in output
    found: dict[str, Any] = json.loads(output)
    return found


def raw(**more: Any) -> dict[str, Any]:
    return {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "own"}, "adopt": True, **more}


def test_violations_are_named_by_policy_and_resource() -> None:
    found = judged(
        {
            "blobStores": {"own": {"path": "own", "adopt": True}},
            "repositories": {"a": raw(), "b": raw()},
            "roles": {"ops": {"privileges": ["nx-users-all"], "roles": [], "adopt": True}},
        }
    )
    assert (found["needed"], found["left"]) == ([], {})
    named = {(each["policy"], each["resource"]) for each in found["known"]}
    assert named == {("own-blob-store", "b"), ("administrators", "ops")}
    assert {each["reason"] for each in found["known"]} == {REASON}
    assert all(each["violation"] for each in found["known"])


def test_policies_that_are_not_mandatory_for_the_stack_are_not_listed() -> None:
    found = judged({"blobStores": {"own": {"adopt": True}}, "repositories": {"a": raw()}}, anonymousAccess=True)
    assert found["known"] == []  # write-policy, compaction and no-anonymous-access are disabled there


def test_what_the_rules_refuse_is_left_out_with_all_that_refers_to_it() -> None:
    found = judged(
        {
            "repositories": {
                "in.gone": raw(storage={"blobStoreName": "gone"}),
                "group": raw(type="group", storage={}, group={"memberNames": ["in.gone"]}),
                "fine": raw(storage={"blobStoreName": "default"}),
            },
            "privileges": {
                "of-gone": {"type": "repository-view", "format": "raw", "repository": "in.gone", "actions": ["READ"]}
            },
        }
    )
    assert set(found["left"]) == {"repositories.in.gone", "repositories.group", "privileges.of-gone"}
    assert found["left"]["repositories.in.gone"] == "storage.blobStoreName: no blob store is called 'gone'"
    assert [each["resource"] for each in found["known"]] == ["fine"]


def test_only_secrets_without_which_the_file_is_refused_are_needed() -> None:
    key = {"distribution": "bookworm"}
    found = judged(
        {
            "repositories": {"debs": raw(format="apt", storage={"blobStoreName": "default"}, apt=key)},
            "email": {"enabled": True, "host": "mail.domain.org", "port": 25, "fromAddress": "a@domain.org"},
            "ldap": {
                "directory.old": {
                    "protocol": "LDAPS", "host": "ldap.domain.org", "port": 636, "searchBase": "dc=domain,dc=org",
                    "authScheme": "SIMPLE", "authUsername": "cn=nexus", "userObjectClass": "person", "adopt": True,
                    "userIdAttribute": "uid", "userRealNameAttribute": "cn", "userEmailAddressAttribute": "mail",
                }
            },
        }
    )  # fmt: skip
    assert (found["needed"], found["left"]) == ([], {})
    crowd = {"enabled": True, "url": "https://crowd.domain.org", "applicationName": "nexus", "realmActive": False}
    assert judged({"crowd": {**crowd, "useTrustStoreForUrl": False}})["needed"] == ["crowd.applicationPassword"]
    without = judged({"crowd": {**crowd, "timeout": 0}})
    assert (without["needed"], list(without["left"])) == ([], ["crowd"])
    assert without["left"]["crowd"].startswith("timeout: ")


def test_a_wrong_setting_of_the_stack_itself_is_refused() -> None:
    assert "nexus.url: invalid value" in judged({}, nexus={"url": "http://nexus.domain.org"})["refused"]
