"""The policies of production, run by Pulumi on previews of a running server."""

from typing import Any

import pytest

from tests.integration.provider.play import ROOT, Failed, Play

PRODUCTION = (
    "--policy-pack",
    str(ROOT / "policy" / "run"),
    "--policy-pack-config",
    str(ROOT / "policy/levels/production.json"),
)
GUESTS: dict[str, Any] = {
    "blobStores": {"files": {}},
    "repositories": {
        "files": {
            "format": "raw",
            "type": "hosted",
            "storage": {"blobStoreName": "files", "writePolicy": "ALLOW_ONCE"},
        }
    },
    "privileges": {
        "harmless-read": {
            "type": "repository-view",
            "format": "raw",
            "repository": "files",
            "actions": ["BROWSE", "READ", "EDIT", "ADD", "DELETE"],
        }
    },
    "roles": {"guests": {"privileges": ["harmless-read"], "roles": ["nx-anonymous"]}},
    "users": {
        "anonymous": {
            "firstName": "Anonymous",
            "lastName": "User",
            "emailAddress": "anonymous@example.org",
            "roles": ["nx-anonymous", "guests"],
            "adopt": True,
        }
    },
    "passwords": {"admin": "the-admin-password", "anonymous": "nobody-logs-in-with-it"},
    "maintenance": {"window": "01:00-05:00"},
}


@pytest.fixture(scope="module")
def exposed(play: Play) -> Play:
    """A store whose anonymous user may write, applied without policies."""
    play.wanted |= GUESTS
    play.up()
    return play


def test_a_privilege_is_judged_by_its_permissions_and_not_its_name(exposed: Play) -> None:
    with pytest.raises(Failed) as refused:
        exposed.preview("--refresh", *PRODUCTION)
    assert "lets clients without a login do harmless-read" in str(refused.value)
    assert "mandatory" in str(refused.value)


def test_removing_rights_of_the_anonymous_user_is_not_refused(exposed: Play) -> None:
    cured = {key: value for key, value in GUESTS.items() if key not in ("privileges", "roles", "users")}
    for key in ("privileges", "roles", "users"):
        del exposed.wanted[key]
    exposed.wanted |= cured | {"passwords": {"admin": "the-admin-password"}}
    output = exposed.preview("--refresh", *PRODUCTION)
    assert "3 to delete" in output
    exposed.up("--refresh", *PRODUCTION)
    (anonymous,) = exposed.ask("GET", "/v1/security/users?userId=anonymous").json()
    assert anonymous["roles"] == ["nx-anonymous"]
    assert "unchanged" in exposed.preview("--refresh", "--expect-no-changes", *PRODUCTION)


def test_a_blob_store_without_a_compaction_is_refused(exposed: Play) -> None:
    del exposed.wanted["maintenance"]
    with pytest.raises(Failed, match="nothing compacts the blob store files, so that it never shrinks"):
        exposed.preview(*PRODUCTION)
