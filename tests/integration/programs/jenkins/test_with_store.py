"""The step withStore, run as Jenkins runs it: the environment of its body, and the login before and after it."""

from typing import Any

import pytest

from tests.integration.programs.jenkins.groovy import run
from tests.unit.jenkins.outputs import CA, outputs

PUSH_LOGIN = (
    'printf %s "$NEXUS_PUSH_PASSWORD" | docker login --username "$NEXUS_PUSH_USER" --password-stdin "$REGISTRY"'
)
LOGIN = 'printf %s "$NEXUS_PASSWORD" | docker login --username "$NEXUS_USER" --password-stdin "$REGISTRY"'


def stepped(**scenario: Any) -> dict[str, Any]:
    (result,) = run(
        "library.groovy", "jenkins/shared-library/vars/withStore.groovy", {"outputs": outputs(), **scenario}
    )
    return result


def scripts(result: dict[str, Any]) -> list[str]:
    return [call["script"] for call in result["calls"] if call["step"] == "sh"]


def test_the_body_gets_the_store_and_the_login() -> None:
    result = stepped(options={"stack": "staging"})
    (body,) = [call for call in result["calls"] if call["step"] == "echo"]
    assert body["message"] == "https://nexus.domain.org"
    assert body["credentials"] == ["nexus-ci-pull as NEXUS_USER:NEXUS_PASSWORD"]
    assert body["environment"] == [
        "NEXUS_URL=https://nexus.domain.org",
        "DOCKER_PUSH_REGISTRY=nexus.domain.org",
        "DOCKER_PULL_REGISTRY=nexus.domain.org:5001",
        "DOCKER_CONFIG=/agent/workspace@tmp/repository-store/docker",
        "STORE_CA=/agent/workspace@tmp/repository-store/ca.pem",
    ]
    (ca,) = [call for call in result["calls"] if call["step"] == "writeFile"]
    assert (ca["file"], ca["text"]) == ("/agent/workspace@tmp/repository-store/ca.pem", CA)


def test_docker_is_logged_in_to_each_registry_only_during_the_body() -> None:
    logout = 'docker logout "$REGISTRY"'
    read = "pulumi stack output --json --stack production"
    result = stepped()
    assert scripts(result) == [read, LOGIN, LOGIN, logout, logout]
    assert [call["step"] for call in result["calls"]].index("echo") == 4
    registries = [call["environment"][-1] for call in result["calls"] if call.get("script") == LOGIN]
    assert registries == ["REGISTRY=nexus.domain.org", "REGISTRY=nexus.domain.org:5001"]


def test_the_credentials_for_publishing_are_only_bound_with_push() -> None:
    result = stepped(options={"push": True})
    (body,) = [call for call in result["calls"] if call["step"] == "echo"]
    assert body["credentials"] == [
        "nexus-ci-pull as NEXUS_USER:NEXUS_PASSWORD",
        "nexus-ci-push as NEXUS_PUSH_USER:NEXUS_PUSH_PASSWORD",
    ]
    assert scripts(result).count(PUSH_LOGIN) == 2
    assert LOGIN not in scripts(result)


def test_a_failed_body_still_logs_out_and_fails_the_build() -> None:
    result = stepped(fails=True)
    assert scripts(result)[-1] == 'docker logout "$REGISTRY"'
    assert result["failure"] == "the build failed"


def test_a_shared_registry_is_logged_in_to_once_and_without_one_there_is_no_login() -> None:
    one = stepped(outputs=outputs(docker_pull_registry="nexus.domain.org"))
    assert scripts(one).count(LOGIN) == 1
    none = stepped(outputs=outputs(docker_pull_registry="", docker_push_registry=""))
    assert LOGIN not in scripts(none)
    assert LOGIN not in scripts(stepped(options={"docker": False}))


def test_a_publicly_trusted_store_writes_no_ca() -> None:
    result = stepped(outputs=outputs(ca_certificate_pem=""))
    assert not any(call["step"] == "writeFile" for call in result["calls"])
    assert not any("STORE_CA" in str(call["environment"]) for call in result["calls"])


def test_an_agent_without_pulumi_reads_a_file() -> None:
    result = stepped(options={"file": "store.json"})
    assert result["calls"][0]["file"] == "store.json"
    assert not any("pulumi" in script for script in scripts(result))


def test_no_secret_is_read_from_pulumi_or_passed_to_a_script() -> None:
    result = stepped()
    assert not any("--show-secrets" in script for script in scripts(result))
    assert "[secret]" not in str(result)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stack": "x; rm -rf /"}, "withStore: the stack 'x; rm -rf /' is not a valid name"),
        ({"stac": "x"}, "withStore: stac is not known; allowed: stack, file, docker, push"),
    ],
)
def test_invalid_options_are_refused_before_anything_runs(options: dict[str, Any], message: str) -> None:
    result = stepped(options=options)
    assert result["calls"] == []
    assert result["failure"].startswith(message)
