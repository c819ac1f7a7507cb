"""Violations in request bodies, and their messages."""

from __future__ import annotations

from typing import Any

import pytest

from nexus.schema import Violation, known, requests, secret_paths, violations
from tests.support.versions import NEWEST_RELEASE

DOCKER = {
    "name": "images",
    "online": True,
    "storage": {"blobStoreName": "docker", "strictContentTypeValidation": True, "writePolicy": "ALLOW"},
    "docker": {"forceBasicAuth": False, "v1Enabled": False, "httpPort": 5000},
}
MAVEN_PROXY = {
    "name": "central",
    "online": True,
    "storage": {"blobStoreName": "maven", "strictContentTypeValidation": True},
    "proxy": {"remoteUrl": "https://example.org/", "contentMaxAge": -1, "metadataMaxAge": 1440},
    "negativeCache": {"enabled": True, "timeToLive": 1440},
    "httpClient": {"blocked": False, "autoBlock": True},
    "maven": {"versionPolicy": "RELEASE", "layoutPolicy": "STRICT"},
}


def docker(**changes: Any) -> dict[str, Any]:
    return DOCKER | {"docker": DOCKER["docker"] | changes}  # type: ignore[operator]


def maven_proxy(url: str = "https://example.org/", /, **http_client: Any) -> dict[str, Any]:
    proxy = MAVEN_PROXY["proxy"] | {"remoteUrl": url}  # type: ignore[operator]
    return MAVEN_PROXY | {"proxy": proxy, "httpClient": MAVEN_PROXY["httpClient"] | http_client}  # type: ignore[operator]


def the_only_violation(request: str, body: object, generation: str | None = None) -> Violation:
    (violation,) = violations(request, body, generation=generation)
    return violation


def test_a_correct_body_has_no_violations() -> None:
    assert violations("repository/docker/hosted", DOCKER) == []


def test_optional_fields_may_be_null() -> None:
    assert violations("repository/docker/hosted", docker(httpsPort=None) | {"cleanup": None}) == []


def test_a_float_without_fraction_counts_as_an_integer() -> None:
    assert violations("repository/docker/hosted", docker(httpPort=5000.0)) == []


@pytest.mark.parametrize("value", [5000.5, "5000", True, float("nan"), float("inf")])
def test_other_values_for_an_integer_have_the_wrong_type(value: object) -> None:
    violation = the_only_violation("repository/docker/hosted", docker(httpPort=value))
    assert (violation.path, violation.problem) == ("docker.httpPort", "wrong type")
    assert violation.allowed == "an integer from 1 to 65535"


@pytest.mark.parametrize("port", [0, 65536, 70000.0])
def test_a_port_outside_1_to_65535_is_out_of_range(port: float) -> None:
    violation = the_only_violation("repository/docker/hosted", docker(httpPort=port))
    assert violation == Violation("docker.httpPort", port, "an integer from 1 to 65535", "out of range")


@pytest.mark.parametrize("value", [1, 0, "true", []])
def test_only_true_and_false_are_booleans(value: object) -> None:
    violation = the_only_violation("repository/docker/hosted", DOCKER | {"online": value})
    assert violation == Violation("online", value, "true or false", "wrong type")


def test_a_misspelt_key_is_unknown_and_the_closest_one_is_named() -> None:
    violation = the_only_violation("repository/docker/hosted", docker(htpPort=1))
    assert (violation.path, violation.given, violation.problem) == ("docker.htpPort", "htpPort", "unknown key")
    assert violation.allowed.startswith("one of the keys forceBasicAuth, httpPort, ")
    assert violation.allowed.endswith("(did you mean httpPort?)")


def test_a_misspelt_value_lists_the_choices() -> None:
    body = DOCKER | {"storage": DOCKER["storage"] | {"writePolicy": "ONCE"}}  # type: ignore[operator]
    violation = the_only_violation("repository/docker/hosted", body)
    assert violation == Violation("storage.writePolicy", "ONCE", "one of ALLOW, ALLOW_ONCE, DENY", "not allowed")


@pytest.mark.parametrize("kind", ["proxy", "group"])
def test_only_hosted_repositories_have_a_write_policy(kind: str) -> None:
    storage = {"blobStoreName": "raw", "strictContentTypeValidation": True, "writePolicy": "ALLOW"}
    found = [violation.path for violation in violations(f"repository/raw/{kind}", {"storage": storage})]
    assert "storage.writePolicy" in found
    assert "storage.writePolicy" not in [one.path for one in violations("repository/raw/hosted", {"storage": storage})]


def test_a_required_field_that_is_omitted_or_null_is_missing() -> None:
    for body in (DOCKER | {"name": None}, {key: value for key, value in DOCKER.items() if key != "name"}):
        violation = the_only_violation("repository/docker/hosted", body)
        assert (violation.path, violation.given, violation.problem) == ("name", None, "missing")


@pytest.mark.parametrize(
    ("request_name", "name"),
    [
        ("repository/docker/hosted", "Images"),
        ("repository/docker/hosted", "_images"),
        ("repository/docker/hosted", "images\n"),
        ("repository/maven/group", ".all"),
        ("repository/maven/group", "a b"),
        ("repository/maven/group", "a" * 201),
        ("repository/maven/group", ""),
    ],
)
def test_an_invalid_name_is_not_allowed(request_name: str, name: str) -> None:
    (violation,) = (found for found in violations(request_name, {"name": name}) if found.path == "name")
    assert violation.problem == "not allowed"
    assert "not starting with '_' or '.', at most 200 characters" in violation.allowed


def test_upper_case_is_allowed_in_the_name_of_a_maven_repository() -> None:
    assert "name" not in {violation.path for violation in violations("repository/maven/group", {"name": "Releases"})}


def test_the_items_of_a_list_are_checked_one_by_one() -> None:
    body = {"id": "dev", "name": "dev", "roles": ["nx-admin", 3, None]}
    assert [(found.path, found.problem) for found in violations("role", body)] == [
        ("roles[1]", "wrong type"),
        ("roles[2]", "missing"),
    ]


def test_the_objects_in_a_list_are_checked_by_key() -> None:
    bucket = {"bucket": {"name": "b", "region": "r"}, "failoverBuckets": [{"bucketName": "c", "regoin": "s"}]}
    found = violations("blobStore/s3", {"name": "s3", "bucketConfiguration": bucket})
    assert [(violation.path, violation.problem) for violation in found] == [
        ("bucketConfiguration.failoverBuckets[0].regoin", "unknown key"),
        ("bucketConfiguration.failoverBuckets[0].region", "missing"),
    ]


@pytest.mark.parametrize("members", [[], ["a", "a"]])
def test_a_group_without_members_or_with_one_twice_is_not_allowed(members: list[str]) -> None:
    storage = {"blobStoreName": "b", "strictContentTypeValidation": True}
    body = {"name": "all", "online": True, "storage": storage, "group": {"memberNames": members}}
    violation = the_only_violation("repository/npm/group", body)
    assert violation.problem == "not allowed"
    assert violation.allowed == "a list of strings, at least 1, no duplicates"


def test_realms_without_the_local_one_are_refused_because_they_lock_everybody_out() -> None:
    assert violations("realms", ["NexusAuthenticatingRealm", "DockerToken"]) == []
    assert "including NexusAuthenticatingRealm" in the_only_violation("realms", ["DockerToken"]).allowed


@pytest.mark.parametrize("request_name", requests())
def test_a_whole_body_of_the_wrong_type_is_one_violation(request_name: str) -> None:
    violation = the_only_violation(request_name, 5)
    assert (violation.path, violation.problem) == ("", "wrong type")


# --- dependencies between values --------------------------------------------------------------------------------


def test_the_trust_store_with_a_plain_http_remote_is_refused() -> None:
    trusting: dict[str, Any] = {"connection": {"useTrustStore": True}}
    assert violations("repository/maven/proxy", maven_proxy(**trusting)) == []
    violation = the_only_violation("repository/maven/proxy", maven_proxy("http://example.org/", **trusting))
    assert violation.path == "proxy.remoteUrl"
    assert violation.allowed == "an https:// URL, because httpClient.connection.useTrustStore is true"


def test_preemptive_authentication_over_plain_http_is_refused() -> None:
    login = {"type": "username", "username": "ci", "password": "hunter2", "preemptive": True}
    assert violations("repository/maven/proxy", maven_proxy(authentication=login)) == []
    assert the_only_violation("repository/maven/proxy", maven_proxy("http://example.org/", authentication=login)).path


def test_a_login_without_its_password_is_missing_it() -> None:
    login = {"type": "username", "username": "ci"}
    violation = the_only_violation("repository/maven/proxy", maven_proxy(authentication=login))
    assert (violation.path, violation.problem) == ("httpClient.authentication.password", "missing")
    assert violation.allowed == "a string, because type is username"


def test_a_bearer_login_needs_the_token_and_no_user() -> None:
    login = {"type": "bearerToken", "bearerToken": "hunter2"}
    assert violations("repository/maven/proxy", maven_proxy(authentication=login)) == []
    login.pop("bearerToken")
    assert the_only_violation("repository/maven/proxy", maven_proxy(authentication=login)).problem == "missing"


@pytest.mark.parametrize("quota", [{"type": "spaceUsedQuota"}, {"type": "spaceUsedQuota", "limit": 0}])
def test_a_soft_quota_without_a_limit_above_zero_is_refused(quota: dict[str, object]) -> None:
    violation = the_only_violation("blobStore/file", {"name": "b", "path": "b", "softQuota": quota})
    assert (violation.path, violation.allowed) == ("softQuota.limit", "an integer of at least 1")


def test_a_repository_that_refers_to_the_cleanup_policy_none_is_refused() -> None:
    violation = the_only_violation("repository/docker/hosted", DOCKER | {"cleanup": {"policyNames": ["None"]}})
    assert violation.path == "cleanup.policyNames[0]"


# --- server versions --------------------------------------------------------------------------------------------------


def test_a_property_of_newer_servers_names_the_version() -> None:
    body = docker(pathEnabled=True)
    assert violations("repository/docker/hosted", body) == []
    assert violations("repository/docker/hosted", body, generation="3.83.0-08") == []
    violation = the_only_violation("repository/docker/hosted", body, generation="3.82.1")
    assert (violation.path, violation.problem) == ("docker.pathEnabled", "needs Nexus 3.83 or newer")


def test_a_format_of_newer_servers_is_one_violation() -> None:
    violation = the_only_violation("repository/cargo/hosted", {"name": "crates"}, generation="3.70.0")
    assert (violation.path, violation.problem) == ("", "needs Nexus 3.74 or newer")


def test_a_property_of_older_servers_is_unknown() -> None:
    bucket = {"bucket": {"name": "b", "region": "r", "expiration": 3}}
    body = {"name": "s3", "bucketConfiguration": bucket}
    assert violations("blobStore/s3", body, generation="3.77.0") == []
    assert the_only_violation("blobStore/s3", body, "3.90.0").problem == "unknown to Nexus after 3.77"


def test_the_distribution_of_an_apt_proxy_is_only_required_by_some_servers() -> None:
    body = {key: value for key, value in maven_proxy().items() if key != "maven"} | {"apt": {"flat": False}}
    assert violations("repository/apt/proxy", body, generation="3.94.0") == []
    assert the_only_violation("repository/apt/proxy", body, "3.77.0").path == "apt.distribution"


def test_the_routing_rule_is_accepted_under_both_its_names_by_every_version() -> None:
    for generation in ("3.68.1", NEWEST_RELEASE):
        for name in ("routingRule", "routingRuleName"):
            assert violations("repository/maven/proxy", maven_proxy() | {name: "block"}, generation=generation) == []


def test_an_invalid_version_is_an_error() -> None:
    with pytest.raises(ValueError, match="server version 'latest' is not of the form"):
        violations("repository/docker/hosted", docker(pathEnabled=True), generation="latest")


# --- requests that do not exist ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_name", "allowed"),
    [
        ("repository/apt/group", "one of the apt types hosted, proxy"),
        ("repository/maven2/hosted", "(did you mean maven?)"),
        ("repository/bower/hosted", "one of the formats alpine, "),
        ("rol", "(did you mean role?)"),
    ],
)
def test_an_unknown_request_is_refused_with_the_choices(request_name: str, allowed: str) -> None:
    assert not known(request_name)
    violation = the_only_violation(request_name, {})
    assert violation.problem == "unknown request"
    assert allowed in violation.allowed


# --- secrets ----------------------------------------------------------------------------------------------------------

SECRETS = [(request, path) for request in requests() for path in sorted(secret_paths(request))]


@pytest.mark.parametrize(("request_name", "path"), SECRETS, ids=[f"{name}:{'.'.join(path)}" for name, path in SECRETS])
def test_no_message_shows_a_secret_at_any_depth(request_name: str, path: tuple[str, ...]) -> None:
    for depth in range(1, len(path) + 1):
        for misplaced in ("hunter2", ["hunter2"], {"typo": "hunter2"}, [{"typo": "hunter2"}]):
            body: object = misplaced
            for key in reversed(path[:depth]):
                body = {key: body}
            for generation in (None, "3.68"):
                found = violations(request_name, body, generation=generation)
                assert found
                assert "hunter2" not in repr(found)


def test_a_secret_of_the_wrong_type_is_masked() -> None:
    (violation,) = (found for found in violations("user", {"password": 12345}) if found.path == "password")
    assert violation.given == "***"


def test_a_value_under_a_free_key_is_masked_since_it_may_be_a_password() -> None:
    (violation,) = violations("capability", {"type": "webhook.global", "properties": {"secret": 12345}})
    assert (violation.path, violation.given) == ("properties.secret", "***")


def test_credentials_in_a_remote_url_are_masked() -> None:
    violation = the_only_violation("repository/maven/proxy", maven_proxy("ftp://ci:hunter2@example.org/"))
    assert violation.given == "ftp://***@example.org/"


def test_a_violation_is_one_line_with_the_given_and_allowed_values() -> None:
    violation = Violation("docker.httpPort", 0, "an integer from 1 to 65535", "out of range")
    assert str(violation) == "docker.httpPort: out of range (got 0; allowed an integer from 1 to 65535)"
