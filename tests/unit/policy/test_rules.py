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
    capability,
    compact,
    container,
    image,
    key,
    leaf,
    nexus,
    nginx_files,
    privilege,
    provider,
    realms,
    repository,
    role,
    store,
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
    "no-anonymous-write": [
        [role("nx-anonymous", READS), role("ci", ["nx-repository-view-docker-a-add"])],
        [user("anonymous", "nx-anonymous")],
        [
            anonymous(True),
            user("anonymous", "guests"),
            role("guests", ["sounds-like-write-add", "nx-search-read"]),
            privilege("sounds-like-write-add", "repository-view", format="raw", repository="a", actions=["READ"]),
        ],
    ],
    "no-wildcard-privilege": [
        [role("ci", READS, ["readers"])],
        [role("readers", ["nx-repository-view-*-*-read", "nx-repository-view-*-*-browse"])],
        [role("ci", ["nx-repository-view-docker-a-b-edit", "nx-repository-admin-raw-files-*"])],
    ],
    "administrators": [
        [user("admin", "nx-admin"), user("ci", "ci"), role("ci", READS)],
        [role("help", ["nx-users-read", "nx-script-*-run", "nx-tasks-run", "nx-component-upload"])],
        [role("nx-admin", ["nx-all"])],
    ],
    "default-role": [
        [capability("defaultrole", role="nx-anonymous")],
        [capability("defaultrole", enabled=False, role="nx-admin")],
        [capability("baseurl", url="https://nexus.domain.org")],
    ],
    "no-identity-header": [[TOKEN, capability("audit")]],
    "admin-password": [[provider()], [provider(password="[secret]")]],
    "no-scripts": [[container()], [nexus("Task", "compact", {"type": "blobstore.compact"})]],
    "ssrf-protection": [
        [repository("p", type="proxy"), nexus("SsrfProtection", "ssrfProtection", {"enabled": True})],
        [repository()],
    ],
    "session-timeout": [[capability("rapture.settings", sessionTimeout="30")], [capability("rapture.settings")]],
    "audit": [[capability("audit")]],
    "https-only": [
        [provider()],
        [nexus("LdapServer", "directory", {"protocol": "LDAPS"})],
        [nexus("Email", "email", {"enabled": True, "password": "hunter2", "startTlsRequired": True})],
    ],
    "docker-logins": [
        [
            realms("NexusAuthenticatingRealm", "DockerToken"),
            anonymous(True),
            repository(docker=BY_TOKEN),
        ],
        [BASIC, anonymous(False), repository(docker=BY_BASIC)],
        [BASIC, anonymous(True), repository("r", "raw")],
        [anonymous(False), repository(docker=BY_TOKEN)],
    ],
    "cleanup-policy": [[repository("p", type="proxy", cleanup={"policyNames": ["unused"]})], [repository()]],
    "compaction": [
        [store("a"), store("b", "group"), compact("a")],
        [store("a"), nexus("Task", "by-default", {"type": "blobstore.compact", "properties": {"blobstoreName": "a"}})],
    ],
    "own-namespaces": [
        [repository("a"), repository("p", type="proxy", routingRule="own-namespaces-docker")],
        [repository("a"), repository("p", type="proxy", routingRuleName="ours")],
        [repository("p", type="proxy")],
        [repository("a", "raw"), repository("p", "raw", type="proxy")],
    ],
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
        ([user("jenkins", "ci"), user("anonymous", "nx-admin")], "or the role from the user anonymous"),
        (
            [
                user("anonymous", "guests"),
                role("guests", ["harmless-read"]),
                privilege("harmless-read", "repository-view", format="raw", repository="files", actions=["ALL"]),
            ],
            "do harmless-read (nexus:repository-view:raw:files:*)",
        ),
        (
            [
                user("anonymous", "guests"),
                role("guests", ["only-to-read"]),
                privilege("only-to-read", "wildcard", pattern="nexus:repository-view:*:*:READ,ADD"),
            ],
            "do only-to-read",
        ),
        ([role("nx-anonymous", ["made-by-hand-read"])], "do made-by-hand-read"),
        ([user("anonymous", "made-by-hand")], "the role made-by-hand is neither"),
        (
            [anonymous(True, userId="guest"), user("guest", "ci"), role("ci", ["nx-repository-view-raw-a-delete"])],
            "do nx-repository-view-raw-a-delete",
        ),
        ([anonymous(True, userId="guest")], "the user guest, who is not declared"),
        ([role("nx-anonymous", ["nx-component-upload"])], "do nx-component-upload"),
    ],
    "no-wildcard-privilege": [
        *(
            ([role("ci", [name])], f"ci has {name}")
            for name in (
                "nx-repository-view-*-*-*",
                "nx-repository-view-*-*-add",
                "nx-repository-view-*-*-edit",
                "nx-repository-view-*-*-delete",
                "nx-repository-view-docker-*-*",
                "nx-repository-view-docker-*-add",
                "nx-repository-admin-*-*-edit",
                "nx-all",
            )
        ),
        *(
            ([role("ci", ["mine"]), privilege("mine", kind, **body)], "ci has mine")
            for kind, body in (
                ("wildcard", {"pattern": "nexus:*"}),
                ("wildcard", {"pattern": "*"}),
                ("wildcard", {"pattern": "Nexus:Repository-View"}),
                ("wildcard", {"pattern": "nexus:repository-view,search:*:*:update"}),
                ("repository-view", {"format": "docker", "repository": "*", "actions": ["EDIT"]}),
                ("repository-view", {"format": "*", "repository": "*-maven2", "actions": ["add"]}),
                ("repository-admin", {"format": "*", "repository": "*", "actions": ["DELETE"]}),
                (
                    "repository-content-selector",
                    {"contentSelector": "all", "format": "*", "repository": "*", "actions": ["ALL"]},
                ),
            )
        ),
        ([role("ci", [], ["nx-admin"])], "ci has nx-all (nexus:*) through the role nx-admin"),
    ],
    "administrators": [
        *(
            ([role("ops", [name])], f"ops has {name}")
            for name in (
                "nx-all",
                "nx-users-all",
                "nx-users-update",
                "nx-userschangepw",
                "nx-roles-all",
                "nx-roles-create",
                "nx-privileges-all",
                "nx-selectors-update",
                "nx-script-*-*",
                "nx-script-*-add",
                "nx-script-deploy-edit",
                "nx-tasks-all",
                "nx-capabilities-create",
                "nx-settings-update",
                "nx-ldap-all",
                "nx-blobstores-delete",
                "nx-ssl-truststore-create",
                "nx-atlas-all",
            )
        ),
        *(
            ([role("ops", ["harmless-read"]), privilege("harmless-read", kind, **body)], "ops has harmless-read")
            for kind, body in (
                ("wildcard", {"pattern": "nexus:*"}),
                ("wildcard", {"pattern": "*:users:create"}),
                ("wildcard", {"pattern": "NEXUS:ROLES"}),
                ("application", {"domain": "users", "actions": ["EDIT"]}),
                ("script", {"scriptName": "deploy", "actions": ["EDIT"]}),
            )
        ),
        ([user("boss", "nx-admin")], "boss has the role nx-admin"),
        ([nexus("SamlUser", "boss", {"roles": ["nx-admin"]})], "boss has the role nx-admin"),
        ([role("ops", [], ["nx-admin"])], "through the role nx-admin"),
        ([role("ops", ["made-by-hand"])], "ops has made-by-hand, which is neither"),
        ([role("ops", [], ["made-by-hand"])], "ops has the role made-by-hand, which is neither"),
        ([user("jenkins", "made-by-hand")], "jenkins: the role made-by-hand is neither"),
    ],
    "default-role": [
        ([capability("defaultrole", role="nx-admin")], "gives everybody who logs in the role nx-admin"),
        (
            [capability("defaultrole", role="all"), role("all", [], ["w"]), role("w", ["nx-repository-view-a-b-add"])],
            "with it nx-repository-view-a-b-add",
        ),
        ([capability("defaultrole", role="made-by-hand")], "the role made-by-hand is neither"),
    ],
    "no-identity-header": [
        ([realms("NexusAuthenticatingRealm", "rutauth-realm")], "take it out of realms"),
        ([capability("rutauth", httpHeader="X-SSO-USER")], "take it out of capabilities"),
    ],
    "admin-password": [
        ([provider(password="hunter2")], "fewer than 12 characters"),
        ([provider(password="Admin123")], "well known"),
    ],
    "no-scripts": [
        ([nexus("Script", "cleanup", {"content": "hunter2"})], "take it out of scripts"),
        ([nexus("Task", "nightly", {"type": "script"})], "take it out of tasks"),
        ([container(envs=["INSTALL4J_ADD_VM_PARAMS=-Dnexus.scripts.allowCreation=true"])], "upload scripts"),
    ],
    "ssrf-protection": [
        ([repository("p", type="proxy")], "set ssrfProtection.enabled to true"),
        (
            [repository("p", type="proxy"), nexus("SsrfProtection", "ssrfProtection", {"enabled": False})],
            "ask the hosts of its own network",
        ),
    ],
    "session-timeout": [
        ([capability("rapture.settings", sessionTimeout="0")], "logged in for 0 minutes"),
        ([capability("rapture.settings", sessionTimeout="1440")], "set properties.sessionTimeout to 60 or less"),
    ],
    "audit": [([capability("audit", enabled=False)], "set enabled to true")],
    "https-only": [
        ([provider(url="http://nexus.domain.org")], "use https in nexus.url"),
        ([nexus("LdapServer", "directory", {"protocol": "ldap"})], "set protocol to ldaps"),
        ([nexus("Email", "email", {"enabled": True, "password": "hunter2"})], "set email.startTlsRequired to true"),
        ([nexus("Crowd", "crowd", {"url": "HTTP://crowd.domain.org"})], "use https in crowd.url"),
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
    "own-namespaces": [
        ([repository("a", "npm"), repository("p", "npm", type="proxy")], "names that are yours in ownNamespaces.npm"),
    ],
    "cleanup-policy": [
        ([repository("p", type="proxy")], "the cache of p grows without end"),
        ([repository("p", type="proxy", cleanup={"policyNames": []})], "name a cleanup policy"),
    ],
    "compaction": [
        ([store("a"), store("b"), compact("a")], "nothing compacts the blob store b, so that it never shrinks"),
        ([store("a"), compact("a", enabled=False)], "set maintenance.window"),
        ([store("a"), nexus("Task", "t", {"type": "repository.cleanup"})], "a task of the type blobstore.compact"),
    ],
    "remote-over-https": [
        (
            [repository("p", type="proxy", proxy={"remoteUrl": "http://mirror.domain.org/"})],
            "use https in proxy.remoteUrl",
        ),
        ([repository("p", type="proxy", proxy={"remoteUrl": "HTTP://mirror.domain.org/"})], "fetches over plain HTTP"),
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


def test_production_makes_every_rule_mandatory_but_the_one_that_only_its_owner_can_keep() -> None:
    assert json.loads((POLICY / "levels" / "production.json").read_text(encoding="utf-8")) == {
        "all": "mandatory",
        "own-namespaces": "advisory",
    }
