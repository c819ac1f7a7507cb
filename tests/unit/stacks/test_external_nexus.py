"""`nexus.url`: the settings of an external Nexus, and those that are refused with it."""

from pathlib import Path
from typing import Any

import pytest
from pulumi import Output

from stacks.outputs import outputs
from stacks.registries import Registries
from stacks.rules.refusal import Refusal
from stacks.settings import Settings

ROOT = Path(__file__).parents[3]
URL = "https://nexus.domain.org:8443/nexus/"


def settings(nexus: dict[str, Any] | None = None, **given: Any) -> Settings:
    wanted = {"nexus": {"url": URL, **(nexus or {})}, "passwords": {"admin": "a-word"}, **given}
    return Settings.of(wanted, ROOT / "stacks")


def lines(nexus: dict[str, Any] | None = None, **given: Any) -> list[str]:
    with pytest.raises(Refusal) as refused:
        settings(nexus, **given)
    return str(refused.value).splitlines()


def test_the_name_and_the_path_are_those_of_the_url() -> None:
    endpoint = settings().endpoint
    assert endpoint.url == "https://nexus.domain.org:8443/nexus"
    assert settings().hostname == "nexus.domain.org"


def test_registries_are_those_of_the_stack_file() -> None:
    assert settings().registries == Registries("", "", ())
    pushed = {"dockerPushRegistry": "docker.domain.org"}
    assert settings(pushed).registries == Registries("docker.domain.org", "docker.domain.org", ("docker.domain.org",))
    both = settings({**pushed, "dockerPullRegistry": "docker.domain.org:5001"}).registries
    assert both.names == ("docker.domain.org", "docker.domain.org:5001")


def later() -> dict[str, Any]:
    """The outputs that are only known once the store runs."""
    return {
        "ca_certificate_pem": Output.from_input(""),
        "eula_accepted": Output.from_input(True),
        "docker_endpoint": "",
    }


@pytest.mark.usefixtures("event_loop")
def test_the_version_is_that_of_the_stack_file() -> None:
    values = outputs(settings({"generation": "3.90"}), **later())
    assert values["nexus_version"] == "3.90"
    assert outputs(settings(), **later())["nexus_version"] == ""
    assert settings().nexus.known_generation is None


@pytest.mark.usefixtures("event_loop")
def test_the_url_of_a_docker_repository_does_not_depend_on_the_registry() -> None:
    images = {"format": "docker", "type": "hosted", "docker": {"httpPort": 5000}}
    stated = settings({"dockerPushRegistry": "docker.domain.org"}, repositories={"images": images})
    values = outputs(stated, **later())
    assert values["docker_registry"] == "docker.domain.org"
    assert values["repositories"]["images"]["url"] == "https://nexus.domain.org:8443/nexus/repository/images/"


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({"nginx": {"httpsPort": 1, "image": "x"}}, ["nginx.httpsPort", "nginx.image"]),
        ({"docker": {"host": "ssh://a@b.c"}}, ["docker.host"]),
        ({"tls": {"mode": "provided"}}, ["tls.mode"]),
        ({"backup": {"keep": 1}}, ["backup.keep"]),
        ({"nexus": {"heap": "1g", "image": "x"}}, ["nexus.heap", "nexus.image"]),
        ({"retain": ["nexus-data", "acme"]}, ["retain: nexus-data", "retain: acme"]),
        ({"blobStores": {"raw": {"onDelete": "purge"}}}, ["blobStores.raw.onDelete"]),
    ],
)
def test_settings_for_containers_are_refused(given: dict[str, Any], keys: list[str]) -> None:
    problems = lines(**given)
    assert [line.split(": not applicable")[0] for line in problems] == keys
    assert all("Fix: remove " in line for line in problems)


@pytest.mark.parametrize(
    "url",
    [
        "http://nexus.domain.org",
        "https://admin:secret@nexus.domain.org",
        "https://nexus",
        "nexus.domain.org",
        "https://nexus.domain.org:x",
        "https://nexus.domain.org:0",
        "https://nexus.domain.org:99999",
        "https://[",
        "https://nexus.domain.org/ä",
        "https://nexus.domain.org\n",
        "https://nexus.domain.org?a=b",
        "",
    ],
)
def test_an_invalid_url_is_refused_and_not_shown(url: str) -> None:
    (line,) = lines({"url": url})
    assert line.startswith("nexus.url: ")
    assert "secret" not in line


@pytest.mark.parametrize(("key", "given"), [("retain", True), ("blobStores", [{"raw": {}}]), ("blobStores", "raw")])
def test_wrong_types_are_reported_as_for_other_keys(key: str, given: object) -> None:
    changed: dict[str, Any] = {key: given}
    (line,) = lines(**changed)
    assert line.startswith(f"{key}: ")


def test_another_name_beside_the_url_is_refused() -> None:
    (line,) = lines(hostname="other.domain.org")
    assert line.startswith(
        "hostname: differs from nexus.url (got 'other.domain.org'; allowed nexus.domain.org, as in nexus.url). "
    )


def test_a_bundle_without_a_certificate_is_refused() -> None:
    (line,) = lines({"caBundle": "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"})
    assert "certificates in PEM" in line


def test_a_registry_is_a_name_and_a_port() -> None:
    (line,) = lines({"dockerPushRegistry": "https://docker.domain.org/"})
    assert line.startswith(
        "nexus.dockerPushRegistry: invalid value (got 'https://docker.domain.org/'; allowed a DNS name"
    )
