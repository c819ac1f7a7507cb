"""What a stack file wants by now, out of Pulumi's own listing of it."""

import json
from typing import Any

from cli.stack.wanted import given, wanted


def test_the_password_and_the_url_of_somebody_elses_nexus_are_given() -> None:
    config = {
        "repository-store:nexus": {"objectValue": {"url": "https://nexus.domain.org"}},
        "repository-store:passwords": {"objectValue": {"admin": "secret", "jenkins": "other"}, "secret": True},
    }
    assert wanted(config) == {"url": "https://nexus.domain.org", "password": "secret"}


def test_of_the_stacks_own_nexus_the_password_is_given() -> None:
    assert wanted({"repository-store:passwords": {"objectValue": {"admin": "secret"}}}) == {"password": "secret"}
    assert wanted({"repository-store:hostname": {"value": "nexus.store.test"}}) == {}


def state(password: object) -> dict[str, Any]:
    urn = "urn:pulumi:local::repository-store::pulumi-python:dynamic/nexus:Password::admin-password"
    others = [{"urn": "urn:pulumi:local::repository-store::pulumi:pulumi:Stack::repository-store-local"}]
    return {"deployment": {"resources": [*others, {"urn": urn, "outputs": {"body": {"password": password}}}]}}


def test_the_password_that_the_server_was_given_last_is_the_one_of_the_resource_that_exchanges_it() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps("former")}
    assert given(state(secret)) == {"given": "former"}
    assert given(state("former")) == {"given": "former"}
    assert given({"deployment": {"resources": None}}) == {}
