"""Every rule has a stack that keeps it and one that breaks it, and says what to mend."""

import json
from pathlib import Path

import pytest

from components.bundle import bundle
from policy.rule import Resource, StackRule
from policy.rules import RULES
from tests.unit.nginx.rendering import configuration
from tests.unit.policy.resources import (
    anonymous,
    container,
    image,
    key,
    leaf,
    nexus,
    nginx_files,
    realms,
    repository,
    role,
    user,
)

POLICY = Path(__file__).parents[3] / "policy"
DIGEST = "sonatype/nexus3:3.95.2@sha256:" + "0" * 64
TOKEN = realms("NexusAuthenticatingRealm", "DockerToken")
BASIC = realms("NexusAuthenticatingRealm")
BY_TOKEN, BY_BASIC = {"forceBasicAuth": False}, {"forceBasicAuth": True}
READS = ["nx-repository-view-docker-docker-group-browse", "nx-repository-view-docker-docker-group-read"]


def nginx_configuration_of_the_stack() -> Resource:
    """What is really rendered, so that the rule reads what there is to be read."""
    text = configuration().text
    assert "ssl_protocols" in text
    return Resource("command:local:Command", "nginx-load", {"stdin": bundle({"nginx.conf": text})})


GOOD: dict[str, list[list[Resource]]] = {
    "own-blob-store": [[repository("a"), repository("b")]],
    "write-policy": [
        [repository()],
        [repository("s", "maven", storage={"writePolicy": "ALLOW"}, maven={"versionPolicy": "SNAPSHOT"})],
        [repository("p", type="proxy", storage={})],
    ],
    "no-anonymous-access": [[anonymous(False)]],
    "no-anonymous-write": [[role("nx-anonymous", READS), role("ci", ["nx-repository-view-docker-a-add"])]],
    "no-wildcard-privilege": [[role("ci", READS, ["readers"])]],
    "docker-logins": [
        [
            realms("NexusAuthenticatingRealm", "DockerToken"),
            anonymous(True),
            repository(docker=BY_TOKEN),
        ],
        [BASIC, anonymous(False), repository(docker=BY_BASIC)],
        [BASIC, anonymous(True), repository("r", "raw")],
    ],
    "cleanup-policy": [[repository("p", type="proxy", cleanup={"policyNames": ["unused"]})], [repository()]],
    "remote-over-https": [[repository("p", type="proxy", proxy={"remoteUrl": "https://registry-1.docker.io"})]],
    "image-by-digest": [[image(DIGEST)]],
    "stop-timeout": [[container()], [container(volumes=[], stopTimeout=10.0)]],
    "no-secret-in-environment": [[container()], [container(envs=["DB_PASSWORD_FILE=/run/secrets/db"])]],
    "only-nginx-is-public": [[container()], [container(volumes=[], ports=[{"internal": 8443.0}])]],
    "container-confined": [[container()]],
    "container-limited": [[container()]],
    "tls-floor": [
        [key(algorithm="ECDSA", ecdsaCurve="P256"), key(algorithm="RSA"), key(algorithm="ED25519"), leaf(397)],
        [nginx_files("TLSv1.2 TLSv1.3"), Resource("command:local:Command", "nginx-load", {"stdin": "[secret]"})],
        [nginx_configuration_of_the_stack()],
    ],
}

BAD: dict[str, list[tuple[list[Resource], str]]] = {
    "own-blob-store": [
        ([repository("a"), repository("b", storage={"blobStoreName": "a"})], "b shares the blob store a with a"),
        ([repository("a", storage={})], "a is on Nexus's own blob store"),
    ],
    "write-policy": [
        ([repository(storage={"writePolicy": "ALLOW"})], "set storage.writePolicy to ALLOW_ONCE"),
        ([repository(storage={})], "docker-private can be published anew"),
    ],
    "no-anonymous-access": [([anonymous(True)], "set anonymousAccess to false")],
    "no-anonymous-write": [
        ([role("nx-anonymous", ["nx-repository-view-raw-files-add"])], "do nx-repository-view-raw-files-add"),
        (
            [user("anonymous", "guests"), role("guests", [], ["w"]), role("w", ["nx-repository-view-a-b-edit"])],
            "role w lets",
        ),
        ([user("jenkins", "ci"), user("anonymous", "nx-admin")], "take it from the user anonymous"),
    ],
    "no-wildcard-privilege": [
        ([role("ci", ["nx-repository-view-*-*-*"])], "ci has nx-repository-view-*-*-*"),
        ([role("ci", ["nx-all"])], "ci has nx-all"),
        ([role("ci", [], ["nx-admin"])], "ci has the role nx-admin"),
    ],
    "docker-logins": [
        (
            [BASIC, repository(docker=BY_TOKEN)],
            "add DockerToken to realms",
        ),
        (
            [TOKEN, anonymous(True), repository(docker=BY_BASIC)],
            "wants a login although anonymous access is on",
        ),
    ],
    "cleanup-policy": [
        ([repository("p", type="proxy")], "the cache of p grows without end"),
        ([repository("p", type="proxy", cleanup={"policyNames": []})], "name a cleanup policy"),
    ],
    "remote-over-https": [
        (
            [repository("p", type="proxy", proxy={"remoteUrl": "http://mirror.domain.org/"})],
            "use https in proxy.remoteUrl",
        ),
    ],
    "image-by-digest": [
        ([image("sonatype/nexus3:3.95.2")], "sonatype/nexus3:3.95.2 can be another image tomorrow"),
        ([image("sonatype/nexus3@sha256:beef")], "NAME:TAG@sha256:DIGEST"),
    ],
    "stop-timeout": [
        ([container(stopTimeout=119.0)], "killed after 119 s (stopTimeout)"),
        ([container(destroyGraceSeconds=None)], "killed after 0 s (destroyGraceSeconds)"),
    ],
    "no-secret-in-environment": [
        ([container(envs=["NEXUS_DATASTORE_NEXUS_PASSWORD=hunter2"])], "NEXUS_DATASTORE_NEXUS_PASSWORD")
    ],
    "only-nginx-is-public": [([container(ports=[{"internal": 8081.0}])], "published beside nginx")],
    "container-confined": [
        ([container(privileged=True)], "privileged"),
        ([container(capabilities={})], "drop ALL"),
        ([container(securityOpts=[])], "no-new-privileges"),
    ],
    "container-limited": [
        ([container(memory=None)], "take all memory"),
        ([container(logOpts={})], "fill the disk"),
        ([container(restart="no")], "stays down after a reboot"),
    ],
    "tls-floor": [
        ([key(algorithm="RSA", rsaBits=1024.0)], "has 1024 bits"),
        ([key(algorithm="ECDSA")], "curve P224"),
        ([leaf(825)], "valid for 825 days"),
        ([nginx_files("TLSv1.1 TLSv1.2")], "nginx speaks TLSv1.1"),
    ],
}


def found(name: str, resources: list[Resource]) -> list[str]:
    (rule,) = [rule for rule in RULES if rule.name == name]
    if isinstance(rule, StackRule):
        return [message for _, message in rule.check(resources)]
    return [message for resource in resources for message in rule.check(resource)]


def test_every_rule_has_a_case_for_both_and_a_level() -> None:
    names = {rule.name for rule in RULES}
    assert names == set(GOOD) == set(BAD)
    assert len(names) == len(RULES)


@pytest.mark.parametrize(("name", "resources"), [(name, case) for name, cases in GOOD.items() for case in cases])
def test_a_stack_that_keeps_the_rule_hears_nothing(name: str, resources: list[Resource]) -> None:
    assert found(name, resources) == []


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in BAD.items() for case in cases])
def test_a_stack_that_breaks_the_rule_hears_what_to_mend(name: str, case: tuple[list[Resource], str]) -> None:
    resources, said = case
    (message,) = found(name, resources)
    assert said in message
    assert ": " in message
    assert "hunter2" not in message


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_a_rule_takes_no_other_resource_for_its_own(name: str) -> None:
    others = [
        Resource("command:local:Command", "nginx-load", {"create": "x"}),
        nexus("Eula", "eula", {"accepted": True}),
    ]
    assert found(name, others) == []


@pytest.mark.parametrize("path", sorted((POLICY / "levels").glob("*.json")), ids=lambda path: path.stem)
def test_the_levels_name_rules_that_exist(path: Path) -> None:
    levels = json.loads(path.read_text(encoding="utf-8"))
    assert set(levels) <= {"all", *(rule.name for rule in RULES)}
    assert set(levels.values()) <= {"advisory", "mandatory", "disabled"}


def test_production_makes_every_rule_mandatory() -> None:
    assert json.loads((POLICY / "levels" / "production.json").read_text(encoding="utf-8")) == {"all": "mandatory"}
