"""The current values of a stack file, read from Pulumi's listing of the configuration."""

import json
from typing import Any

from cli.stack.wanted import given, wanted


def test_an_external_nexus_has_a_password_and_a_url() -> None:
    config = {
        "repository-store:nexus": {"objectValue": {"url": "https://nexus.domain.org"}},
        "repository-store:passwords": {"objectValue": {"admin": "secret", "jenkins": "other"}, "secret": True},
    }
    assert wanted(config) == {"url": "https://nexus.domain.org", "password": "secret"}


def test_a_managed_nexus_has_only_a_password() -> None:
    assert wanted({"repository-store:passwords": {"objectValue": {"admin": "secret"}}}) == {"password": "secret"}
    assert wanted({"repository-store:hostname": {"value": "nexus.store.test"}}) == {}


def state(password: object) -> dict[str, Any]:
    urn = "urn:pulumi:local::repository-store::pulumi-python:dynamic/nexus:Password::admin-password"
    others = [{"urn": "urn:pulumi:local::repository-store::pulumi:pulumi:Stack::repository-store-local"}]
    return {"deployment": {"resources": [*others, {"urn": urn, "outputs": {"body": {"password": password}}}]}}


def test_the_servers_last_password_is_in_the_state_of_the_password_resource() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps("former")}
    assert given(state(secret)) == {"given": "former"}
    assert given(state("former")) == {"given": "former"}
    assert given({"deployment": {"resources": None}}) == {}
