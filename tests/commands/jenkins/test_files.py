"""The files for Jenkins and its agents, read by parsers of their formats."""

import configparser
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from jenkins.files import CA_FILE, DEBIAN_CA_FILE, files, trust_stores
from jenkins.store import NEEDED, NotTheOutputs, Store
from jenkins.trust import TRUST_STORE
from tests.authority import Request
from tests.unit.jenkins.outputs import CA, outputs

ROOT = Path(__file__).parents[3]
MAVEN = "{http://maven.apache.org/SETTINGS/1.0.0}"

# The keys of Configuration as Code at these paths, from its documentation and that of plugins.
KNOWN = {
    "": {"credentials", "jenkins", "unclassified"},
    "usernamePassword": {"scope", "id", "description", "username", "password"},
    "docker": {"name", "dockerApi", "templates"},
    "templates": {
        "name",
        "labelString",
        "dockerTemplateBase",
        "pullStrategy",
        "remoteFs",
        "connector",
        "instanceCapStr",
    },
    "dockerTemplateBase": {"image", "pullCredentialsId"},
    "mavenSettings": {"id", "name", "comment", "isReplaceAll", "serverCredentialMappings", "content"},
    "serverCredentialMappings": {"serverId", "credentialsId"},
    "custom": {"id", "name", "comment", "content"},
}


def written(**changed: Any) -> dict[str, str]:
    return files(Store.of(outputs(**changed)))


def casc(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(written(**changed)["jenkins.yaml"])
    return found


def test_every_format_of_the_store_has_a_file() -> None:
    expected = {"repository-store.pem", "jenkins.yaml", "settings.xml", "repository-store.repo", "pip.conf"}
    debian = {"debian/repository-store.crt", "debian/pip.conf", "debian/.npmrc"}
    assert set(written()) == expected | {".npmrc", "daemon.json", "mavenrc"} | debian
    assert set(trust_stores(Store.of(outputs()))) == {"repository-store.p12"}


def test_a_format_that_the_store_does_not_have_has_no_file() -> None:
    raw = files(Store.of(outputs(("files", "raw", "hosted"), docker_push_registry="", docker_pull_registry="")))
    assert set(raw) == {"repository-store.pem", "debian/repository-store.crt", "jenkins.yaml"}
    assert "clouds" not in yaml.safe_load(raw["jenkins.yaml"])["jenkins"]


def test_a_publicly_trusted_store_has_no_ca_in_any_file() -> None:
    found = written(ca_certificate_pem="")
    assert set(found) == {"jenkins.yaml", "settings.xml", "repository-store.repo", "pip.conf", ".npmrc", "daemon.json"}
    assert not any(CA_FILE in content or "CERTIFICATE" in content for content in found.values())
    assert trust_stores(Store.of(outputs(ca_certificate_pem=""))) == {}


def test_no_file_contains_a_secret() -> None:
    found = written(jenkins_password="hunter2")
    assert not any("hunter2" in content for content in found.values())


def test_maven_reads_everything_through_the_group_and_finds_a_login_for_each_repository() -> None:
    settings = ElementTree.fromstring(written()["settings.xml"])
    (mirror,) = settings.iter(f"{MAVEN}mirror")
    assert mirror.findtext(f"{MAVEN}mirrorOf") == "*"
    assert mirror.findtext(f"{MAVEN}url") == "https://nexus.domain.org/repository/maven-public/"
    servers = {server.findtext(f"{MAVEN}id"): server for server in settings.iter(f"{MAVEN}server")}
    assert set(servers) == {mirror.findtext(f"{MAVEN}id"), "maven-releases", "maven-snapshots"}
    for name, server in servers.items():
        login = "NEXUS" if name == mirror.findtext(f"{MAVEN}id") else "NEXUS_PUSH"
        assert server.findtext(f"{MAVEN}username") == f"${{env.{login}_USER}}"
        assert server.findtext(f"{MAVEN}password") == f"${{env.{login}_PASSWORD}}"


def test_logins_for_fetching_and_deploying_differ_for_a_single_hosted_repository() -> None:
    alone = files(Store.of(outputs(("maven-releases", "maven", "hosted"))))
    settings = ElementTree.fromstring(alone["settings.xml"])
    users = {s.findtext(f"{MAVEN}id"): s.findtext(f"{MAVEN}username") for s in settings.iter(f"{MAVEN}server")}
    assert users == {"repository-store": "${env.NEXUS_USER}", "maven-releases": "${env.NEXUS_PUSH_USER}"}


@pytest.mark.parametrize(
    ("names", "asked"), [(("maven-releases", "maven-snapshots"), "true"), (("maven-releases",), "false")]
)
def test_maven_enables_snapshots_if_a_repository_has_them(names: tuple[str, ...], asked: str) -> None:
    given = outputs(*((name, "maven", "hosted") for name in names), ("maven-public", "maven", "group"))
    settings = ElementTree.fromstring(files(Store.of(given))["settings.xml"])
    assert {found.findtext(f"{MAVEN}enabled") for found in settings.iter(f"{MAVEN}snapshots")} == {asked}


def test_dnf_reads_the_group_over_verified_tls() -> None:
    repo = configparser.ConfigParser(interpolation=None)
    repo.read_string(written()["repository-store.repo"])
    assert repo.sections() == ["yum-group"]
    section = repo["yum-group"]
    assert section["baseurl"] == "https://nexus.domain.org/repository/yum-group/"
    assert (section["sslverify"], section["sslcacert"]) == ("1", CA_FILE)
    assert (section["username"], section["password"]) == ("$nexus_user", "$nexus_password")


def test_pip_npm_and_dockerd_are_pointed_at_the_groups() -> None:
    found = written()
    pip = configparser.ConfigParser()
    pip.read_string(found["pip.conf"])
    assert pip["global"]["index-url"] == "https://nexus.domain.org/repository/pypi-group/simple"
    assert pip["global"]["cert"] == CA_FILE
    npm = dict(line.split("=", 1) for line in found[".npmrc"].splitlines() if not line.startswith("#"))
    assert npm["registry"] == "https://nexus.domain.org/repository/npm-group/"
    assert npm["//nexus.domain.org/repository/npm-group/:_auth"] == "${NEXUS_NPM_AUTH}"
    assert npm["//nexus.domain.org/repository/npm-hosted/:_auth"] == "${NEXUS_NPM_PUSH_AUTH}"
    assert json.loads(found["daemon.json"]) == {"registry-mirrors": ["https://nexus.domain.org:5001"]}


def test_the_page_says_where_each_file_goes() -> None:
    page = (ROOT / "docs" / "jenkins.md").read_text(encoding="utf-8")
    names = {name.replace("store.crt", "store*.crt") for name in (*written(), *trust_stores(Store.of(outputs())))}
    assert {name for name in names if f"`{name}`" not in page} == set()
    places = (str(Path(CA_FILE).parent), TRUST_STORE, "/usr/local/share/ca-certificates", "update-ca-certificates")
    assert [place for place in places if f"`{place}`" not in page] == []


def test_debian_has_its_own_files_with_its_own_path() -> None:
    found = written()
    assert found["debian/repository-store.crt"] == CA
    for name in ("pip.conf", ".npmrc"):
        assert CA_FILE not in found[f"debian/{name}"]
        assert found[f"debian/{name}"] == found[name].replace(CA_FILE, DEBIAN_CA_FILE)


def test_debian_gets_a_file_for_each_ca_of_a_rotation() -> None:
    following = Request("The next CA").issued_by(None).pem
    found = written(ca_certificate_pem=CA + following)
    assert (found["debian/repository-store.crt"], found["debian/repository-store+2.crt"]) == (CA, following)


def test_jenkins_knows_every_key_of_its_fragment() -> None:
    unknown: list[str] = []

    def walk(value: Any, place: str) -> None:
        if isinstance(value, dict):
            unknown.extend(f"{place}.{key}" for key in value if place in KNOWN and key not in KNOWN[place])
            for key, entry in value.items():
                walk(entry, key)
        elif isinstance(value, list):
            for entry in value:
                walk(entry, place)

    walk(casc(), "")
    assert unknown == []


def test_jenkins_has_the_login_by_id_without_its_password() -> None:
    (domain,) = casc()["credentials"]["system"]["domainCredentials"]
    logins = [credential["usernamePassword"] for credential in domain["credentials"]]
    assert [(login["id"], login["username"], login["password"]) for login in logins] == [
        ("nexus-ci-pull", "ci-pull", "${NEXUS_CI_PULL_PASSWORD}"),
        ("nexus-ci-push", "ci-push", "${NEXUS_CI_PUSH_PASSWORD}"),
        ("nexus-ci", "jenkins", "${NEXUS_CI_PASSWORD}"),
    ]


def test_undeclared_users_have_no_login_and_those_of_builds_are_required() -> None:
    without = casc(jenkins_credentials={"id": "nexus-ci", "username": ""})
    (domain,) = without["credentials"]["system"]["domainCredentials"]
    assert [entry["usernamePassword"]["username"] for entry in domain["credentials"]] == ["ci-pull", "ci-push"]
    with pytest.raises(NotTheOutputs, match=r"there is no user ci-pull: declare users\.ci-pull"):
        Store.of(outputs(ci_pull_credentials={"id": "nexus-ci-pull", "username": ""}))


def test_agent_images_are_pulled_from_the_store_with_its_login() -> None:
    (cloud,) = casc()["jenkins"]["clouds"]
    (template,) = cloud["docker"]["templates"]
    base = template["dockerTemplateBase"]
    assert base == {"image": "nexus.domain.org:5001/jenkins-agent:latest", "pullCredentialsId": "nexus-ci-pull"}


def test_the_maven_settings_in_jenkins_equal_the_file_except_for_escapes() -> None:
    configured, ca = casc()["unclassified"]["globalConfigFiles"]["configs"]
    content = configured["mavenSettings"]["content"]
    assert content.replace("^${", "${").strip() == written()["settings.xml"].strip()
    mapped = {
        entry["serverId"]: entry["credentialsId"] for entry in configured["mavenSettings"]["serverCredentialMappings"]
    }
    publishing = dict.fromkeys(("maven-releases", "maven-snapshots"), "nexus-ci-push")
    assert mapped == {"repository-store": "nexus-ci-pull", **publishing}
    assert ca["custom"]["content"].strip() == CA.strip()


def test_two_groups_of_a_format_are_refused() -> None:
    store = Store.of(outputs(("a", "npm", "group"), ("b", "npm", "group")))
    with pytest.raises(NotTheOutputs, match=r"2 npm group repositories could be meant \(a, b\)"):
        files(store)


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_output_is_named(name: str) -> None:
    given = outputs()
    del given[name]
    with pytest.raises(NotTheOutputs, match=f"there is no output {name}"):
        Store.of(given)


def test_the_command_writes_the_files_and_names_them(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "jenkins", str(tmp_path / "new")],
        input=json.dumps(outputs()),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert set(ran.stdout.split()) == {str(path) for path in (tmp_path / "new").rglob("*") if path.is_file()}


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_the_command_refuses_invalid_outputs(text: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jenkins", str(tmp_path)]
    ran = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("standard input: ")
    assert ran.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
