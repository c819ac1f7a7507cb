"""The program has the outputs that docs/outputs.md documents for Jenkins and people."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import Output

from jenkins.store import NEEDED, Store
from stacks.outputs import outputs
from stacks.settings import Settings

ROOT = Path(__file__).parents[3]
GIVEN: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": {"admin": "a-word", "jenkins": "j-word", "ci-pull": "l-word", "ci-push": "s-word"},
}
TYPES = {"text": str, "object": dict, "secret text": Output}
LATER = ("ca_certificate_pem", "eula_accepted")
"""Only known once the store runs."""


class Mocks(pulumi.runtime.Mocks):
    """Pulumi needs mocks to create Outputs; no resources are created here."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return args.name, args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return {}, None


@pytest.fixture(autouse=True)
def engine(event_loop: asyncio.AbstractEventLoop) -> None:
    pulumi.runtime.set_mocks(Mocks())


def outputs_of(**changed: Any) -> dict[str, Any]:
    settings = Settings.of({**GIVEN, **changed}, ROOT / "stacks")
    return outputs(
        settings,
        ca_certificate_pem=Output.from_input("pem"),
        eula_accepted=Output.from_input(True),
        docker_endpoint="unix:///var/run/docker.sock",
    )


def documented() -> dict[str, str]:
    """The documented outputs with their types."""
    text = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", text, re.MULTILINE))


def secret(value: Output[Any]) -> bool:
    return asyncio.get_event_loop().run_until_complete(value.is_secret())


def test_exactly_the_documented_outputs_exist() -> None:
    assert list(documented()) == list(outputs_of())


def test_outputs_that_others_read_stay() -> None:
    assert set(documented()) >= {
        "url",
        "docker_registry",
        "docker_push_registry",
        "docker_pull_registry",
        "repositories",
        "ca_certificate_pem",
        "jenkins_credentials",
        "jenkins_password",
        "ci_pull_credentials",
        "ci_pull_password",
        "ci_push_credentials",
        "ci_push_password",
        "nexus_version",
        "nexus_kind",
        "eula_accepted",
        "docker_endpoint",
        *NEEDED,
    }


@pytest.mark.parametrize(("name", "kind"), documented().items())
def test_an_output_has_its_documented_type(name: str, kind: str) -> None:
    value = outputs_of()[name]
    if name in LATER:
        assert isinstance(value, Output)
        assert not secret(value)
    else:
        assert isinstance(value, TYPES[kind])
    assert (kind == "secret text") is (isinstance(value, Output) and secret(value))


@pytest.mark.parametrize(
    ("prefix", "user", "id"),
    [
        ("jenkins", "jenkins", "nexus-ci"),
        ("ci_pull", "ci-pull", "nexus-ci-pull"),
        ("ci_push", "ci-push", "nexus-ci-push"),
    ],
)
def test_a_login_has_its_credentials_id_in_jenkins(prefix: str, user: str, id: str) -> None:
    assert outputs_of()[f"{prefix}_credentials"] == {"id": id, "username": user}


def test_a_removed_user_has_no_login() -> None:
    without = {name: word for name, word in GIVEN["passwords"].items() if name != "ci-push"}
    found = outputs_of(users={"ci-push": None}, passwords=without)
    assert found["ci_push_credentials"] == {"id": "nexus-ci-push", "username": ""}


def test_a_password_is_only_in_its_secret_output() -> None:
    plain = {name: value for name, value in outputs_of().items() if not name.endswith("_password")}
    assert "-word" not in str(plain)


def test_a_repository_has_format_type_and_url() -> None:
    found = outputs_of()["repositories"]
    assert found["maven-public"] == {
        "format": "maven",
        "type": "group",
        "url": "https://nexus.domain.org/repository/maven-public/",
        "version_policy": "MIXED",
    }
    for about in found.values():
        assert set(about) - {"version_policy"} == {"format", "type", "url"}
        assert ("version_policy" in about) is (about["format"] == "maven")


def urls(**changed: Any) -> dict[str, str]:
    return {
        name: about["url"]
        for name, about in outputs_of(**changed)["repositories"].items()
        if about["format"] == "docker"
    }


def test_a_docker_repository_has_the_address_for_docker_clients() -> None:
    assert urls() == {
        "docker-private": "https://nexus.domain.org/",
        "docker-group": "https://nexus.domain.org/",
        "docker-proxy": "https://nexus.domain.org/repository/docker-proxy/",
    }
    ports = {"routing": "ports", "httpsPort": 8443, "dockerPorts": {"docker-group": 5443}}
    assert urls(nginx=ports) == {
        "docker-private": "https://nexus.domain.org:5000/",
        "docker-group": "https://nexus.domain.org:5443/",
        "docker-proxy": "https://nexus.domain.org:8443/repository/docker-proxy/",
    }


def test_the_address_has_the_port_unless_it_is_the_default() -> None:
    assert outputs_of()["docker_registry"] == "nexus.domain.org"
    elsewhere = outputs_of(nginx={"httpsPort": 8443})
    assert (elsewhere["url"], elsewhere["docker_registry"]) == (
        "https://nexus.domain.org:8443",
        "nexus.domain.org:8443",
    )


def test_the_files_for_jenkins_can_be_written_from_them() -> None:
    store = Store.of({**outputs_of(), "ca_certificate_pem": "pem", "eula_accepted": True})
    assert store.url == "https://nexus.domain.org"
    assert [login.username for login in store.logins] == ["ci-pull", "ci-push", "jenkins"]
