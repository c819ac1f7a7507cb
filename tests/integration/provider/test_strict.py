"""An object that `adopt: strict` manages whole: what its declaration leaves out, its login, and the way back.

The server is the stand-in, which shows all fields of a repository as the core 3.77 does, and refuses a login without
its password with the same 400.
"""

import json
from typing import Any

import pytest

from nexus import schema
from nexus.kinds.base import STRICT
from tests.conformance.acceptance.pulumi import Operation, run
from tests.integration.provider.play import Failed, Play
from tests.integration.provider.sequence import live, post, unchanged

PATH = "/v1/repositories/raw/proxy/theirs"
KEY = "httpClient.connection.enableCookies"
UPSTREAM = {"remoteUrl": "https://up.provider.test/", "contentMaxAge": 1440, "metadataMaxAge": 1440}
LOGIN = {"type": "username", "username": "deploy", "password": "their-secret"}
THEIRS: dict[str, Any] = {
    "name": "theirs",
    "online": True,
    "storage": {"blobStoreName": "default", "strictContentTypeValidation": True},
    "proxy": UPSTREAM,
    "negativeCache": {"enabled": True, "timeToLive": 1440},
    "httpClient": {
        "blocked": False,
        "autoBlock": True,
        "authentication": LOGIN,
        "connection": {"retries": 3, "userAgentSuffix": "theirs"},
    },
    "cleanup": {"policyNames": ["old"]},
}
REPOSITORY = ("repository", "theirs")


@pytest.fixture
def theirs(external: Play) -> Play:
    """A proxy with a login, of which the stack declares the remote only, and which it has adopted."""
    policy = {"name": "old", "format": "raw", "criteriaLastDownloaded": 30}
    external.ask("POST", "/internal/cleanup-policies", policy).raise_for_status()
    post(external, "/v1/repositories/raw/proxy", THEIRS)
    before = live(external, PATH)
    external.wanted["repositories"] = {
        "theirs": {"format": "raw", "type": "proxy", "adopt": STRICT, "proxy": {"remoteUrl": UPSTREAM["remoteUrl"]}}
    }
    external.up()
    assert live(external, PATH) == before
    assert unchanged(external)
    return external


def by_hand(play: Play, **client: Any) -> None:
    """Changes fields of the connection, and removes the cleanup policy."""
    found = live(play, PATH)
    body = {key: value for key, value in found.items() if key != "cleanup"}
    play.ask("PUT", PATH, body | {"httpClient": found["httpClient"] | client}).raise_for_status()


def connection(**fields: Any) -> dict[str, Any]:
    return {"connection": {**THEIRS["httpClient"]["connection"], **fields}}


def test_undeclared_values_are_drift_and_what_was_there_comes_back(theirs: Play) -> None:
    declared = theirs.wanted["repositories"]["theirs"]
    declared["httpClient"] = {"authentication": LOGIN}
    theirs.up()
    before = live(theirs, PATH)
    by_hand(theirs, authentication=LOGIN, **connection(enableCookies=True, retries=5, userAgentSuffix=""))
    found = run(theirs, "preview", "--refresh")
    assert found.operations[REPOSITORY] == Operation(
        "update",
        frozenset(
            {KEY, "httpClient.connection.retries", "httpClient.connection.userAgentSuffix", "cleanup.policyNames"}
        ),
    )
    theirs.up("--refresh")
    assert live(theirs, PATH) == before
    assert unchanged(theirs)
    declared["httpClient"]["connection"] = {"enableCookies": True}
    theirs.up()
    assert live(theirs, PATH)["httpClient"]["connection"]["enableCookies"] is True
    del declared["httpClient"]["connection"]
    theirs.up()
    assert live(theirs, PATH) == before, "declared no longer, it is again as it was when it was adopted"


def test_without_strict_they_stay_as_they_are_on_the_server(theirs: Play) -> None:
    declared = theirs.wanted["repositories"]["theirs"]
    declared["httpClient"] = {"authentication": LOGIN}
    theirs.up()
    by_hand(theirs, authentication=LOGIN, **connection(enableCookies=True))
    changed = live(theirs, PATH)
    declared["adopt"] = True
    theirs.up("--refresh")
    assert live(theirs, PATH) == changed
    assert unchanged(theirs)
    declared["adopt"] = STRICT
    theirs.up()
    assert live(theirs, PATH) == changed, "what was there when it was managed whole again"
    by_hand(theirs, authentication=LOGIN, **connection(enableCookies=False))
    assert run(theirs, "preview", "--refresh").operations[REPOSITORY].fields == {KEY}


def test_a_login_that_somebody_removed_is_asked_for_by_the_preview(theirs: Play) -> None:
    before = live(theirs, PATH)
    by_hand(theirs, authentication=None)
    removed = live(theirs, PATH)
    assert removed["httpClient"]["authentication"] is None
    secret = "repositories.theirs.httpClient.authentication.password"
    with pytest.raises(Failed) as refused:
        theirs.preview("--refresh")
    assert f"{secret}: the server has no httpClient.authentication, and a change cannot set it" in str(refused.value)
    assert f"pulumi config set --secret --path {secret}, or remove " in str(refused.value)
    with pytest.raises(Failed):
        theirs.up("--refresh")
    assert live(theirs, PATH) == removed
    theirs.wanted["repositories"]["theirs"]["httpClient"] = {"authentication": {"password": LOGIN["password"]}}
    theirs.up("--refresh")
    assert live(theirs, PATH) == before
    assert unchanged(theirs)


def test_no_secret_of_the_server_is_recorded(theirs: Play) -> None:
    state = json.dumps(theirs.state())
    assert "deploy" in state
    assert "their-secret" not in state


SECTION_KINDS = {"anonymousAccess": "anonymous", "httpProxy": "http"}
EMAIL = {"enabled": True, "host": "mail.provider.test", "port": 25, "fromAddress": "n@provider.test"}
SETTINGS: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "anonymousAccess": (
        "/v1/security/anonymous",
        {"enabled": True, "userId": "bob", "realmName": "NexusAuthenticatingRealm"},
        {"userId", "realmName"},
    ),
    "httpProxy": ("/v1/http", {"timeout": 77, "retries": 5}, {"timeout", "retries"}),
}


def test_drift_of_a_setting_back_to_a_default_is_shown_and_undeclared_fields_are_left(external: Play) -> None:
    """Settings have no `adopt`: what is declared and our defaults are managed."""
    external.ask("PUT", "/v1/email", {**EMAIL, "subjectPrefix": "[theirs]"}).raise_for_status()
    bob = {"userId": "bob", "firstName": "B", "lastName": "B", "emailAddress": "b@provider.test", "status": "active"}
    external.ask("POST", "/v1/security/users", {**bob, "password": "bob-password", "roles": ["nx-anonymous"]})
    external.wanted |= {section: declared for section, (_, declared, _) in SETTINGS.items()} | {"email": EMAIL}
    external.up()
    for section, (path, declared, fields) in SETTINGS.items():
        defaults = schema.complete(SECTION_KINDS[section], {})
        assert fields <= defaults.keys()
        external.ask("PUT", path, {**live(external, path), **declared, **defaults}).raise_for_status()
    external.ask("PUT", "/v1/email", {**live(external, "/v1/email"), "subjectPrefix": "[changed]"}).raise_for_status()
    found = run(external, "preview", "--refresh").operations
    of_kind = {kind: operation for (kind, _), operation in found.items()}
    for section, (_, _, fields) in SETTINGS.items():
        assert fields <= of_kind[SECTION_KINDS[section]].fields
    assert of_kind["email"].word == "same"
    external.up("--refresh")
    assert live(external, "/v1/http")["timeout"] == 77
    assert live(external, "/v1/email")["subjectPrefix"] == "[changed]"
