"""The defaults that are added to a body, and the values that stay."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nexus.schema import complete, formats, requests


def test_a_docker_hosted_repository_gets_the_required_fields() -> None:
    body = complete("repository/docker/hosted", {"name": "images", "storage": {"blobStoreName": "docker"}})
    assert body == {
        "name": "images",
        "online": True,
        "storage": {"blobStoreName": "docker", "strictContentTypeValidation": True, "writePolicy": "ALLOW"},
        "docker": {"forceBasicAuth": False, "v1Enabled": False},
    }


def test_given_values_stay() -> None:
    given = {
        "online": False,
        "storage": {"writePolicy": "DENY"},
        "docker": {"forceBasicAuth": True, "httpPort": 5000.0},
    }
    body = complete("repository/docker/hosted", given)
    assert body["online"] is False
    assert body["storage"] == {"writePolicy": "DENY", "strictContentTypeValidation": True}
    assert body["docker"] == {"forceBasicAuth": True, "httpPort": 5000.0, "v1Enabled": False}


def test_a_given_null_stays() -> None:
    assert complete("repository/docker/hosted", {"docker": None, "online": None})["docker"] is None


def test_the_given_body_is_not_modified() -> None:
    given: dict[str, Any] = {"storage": {"blobStoreName": "b"}, "group": {"memberNames": ["a"]}}
    before = copy.deepcopy(given)
    body: dict[str, Any] = complete("repository/npm/group", given)
    body["group"]["memberNames"].append("b")
    assert given == before


@pytest.mark.parametrize("request_name", requests())
def test_completing_twice_changes_nothing_more(request_name: str) -> None:
    once = complete(request_name, {"name": "x", "id": "x"})
    assert complete(request_name, once) == once


@pytest.mark.parametrize(("format_", "policy"), [("maven", "ALLOW_ONCE"), ("raw", "ALLOW_ONCE"), ("docker", "ALLOW")])
def test_the_default_write_policy_is_that_of_the_administration_pages(format_: str, policy: str) -> None:
    storage: Any = complete(f"repository/{format_}/hosted", {})["storage"]
    assert storage["writePolicy"] == policy


def test_the_default_content_age_is_unlimited_for_maven_and_a_day_for_others() -> None:
    ages: dict[str, Any] = {name: complete(f"repository/{name}/proxy", {})["proxy"] for name in ("maven", "npm")}
    assert (ages["maven"]["contentMaxAge"], ages["npm"]["contentMaxAge"]) == (-1, 1440)


def test_no_repository_gets_a_default_blob_store() -> None:
    for format_ in formats():
        storage: Any = complete(f"repository/{format_}/hosted", {})["storage"]
        assert "blobStoreName" not in storage


def test_an_optional_object_is_only_completed_if_given() -> None:
    assert "httpProxy" not in complete("http", {})
    proxy: Any = complete("http", {"httpProxy": {"host": "proxy", "port": "3128"}})["httpProxy"]
    assert proxy["authInfo"]["enabled"] is False


def test_the_default_path_of_a_file_blob_store_is_its_name() -> None:
    assert complete("blobStore/file", {"name": "docker"})["path"] == "docker"
    assert complete("blobStore/file", {"name": "docker", "path": "/mnt/docker"})["path"] == "/mnt/docker"
    assert "path" not in complete("blobStore/file", {})


def test_an_unknown_request_gets_no_defaults() -> None:
    assert complete("nonsense", {"a": 1}) == {"a": 1}
