"""What we fill into a body, and what we leave alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nexus.schema import complete, formats, requests


def test_a_docker_hosted_repository_gets_what_the_api_demands() -> None:
    body = complete("repository/docker/hosted", {"name": "images", "storage": {"blobStoreName": "docker"}})
    assert body == {
        "name": "images",
        "online": True,
        "storage": {"blobStoreName": "docker", "strictContentTypeValidation": True, "writePolicy": "ALLOW"},
        "docker": {"forceBasicAuth": False, "v1Enabled": False},
    }


def test_what_is_given_stays() -> None:
    given = {
        "online": False,
        "storage": {"writePolicy": "DENY"},
        "docker": {"forceBasicAuth": True, "httpPort": 5000.0},
    }
    body = complete("repository/docker/hosted", given)
    assert body["online"] is False
    assert body["storage"] == {"writePolicy": "DENY", "strictContentTypeValidation": True}
    assert body["docker"] == {"forceBasicAuth": True, "httpPort": 5000.0, "v1Enabled": False}


def test_a_null_that_is_given_stays() -> None:
    assert complete("repository/docker/hosted", {"docker": None, "online": None})["docker"] is None


def test_the_body_that_is_given_is_not_changed() -> None:
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
def test_the_write_policy_is_the_one_that_the_administration_pages_preset(format_: str, policy: str) -> None:
    storage: Any = complete(f"repository/{format_}/hosted", {})["storage"]
    assert storage["writePolicy"] == policy


def test_released_files_of_a_maven_proxy_are_kept_for_ever_and_those_of_others_for_a_day() -> None:
    ages: dict[str, Any] = {name: complete(f"repository/{name}/proxy", {})["proxy"] for name in ("maven", "npm")}
    assert (ages["maven"]["contentMaxAge"], ages["npm"]["contentMaxAge"]) == (-1, 1440)


def test_no_repository_gets_a_blob_store() -> None:
    for format_ in formats():
        storage: Any = complete(f"repository/{format_}/hosted", {})["storage"]
        assert "blobStoreName" not in storage


def test_an_optional_object_is_completed_only_where_it_is_given() -> None:
    assert "httpProxy" not in complete("http", {})
    proxy: Any = complete("http", {"httpProxy": {"host": "proxy", "port": "3128"}})["httpProxy"]
    assert proxy["authInfo"]["enabled"] is False


def test_a_file_blob_store_lies_in_a_folder_of_its_name() -> None:
    assert complete("blobStore/file", {"name": "docker"})["path"] == "docker"
    assert complete("blobStore/file", {"name": "docker", "path": "/mnt/docker"})["path"] == "/mnt/docker"
    assert "path" not in complete("blobStore/file", {})


def test_an_unknown_request_gets_nothing() -> None:
    assert complete("nonsense", {"a": 1}) == {"a": 1}
