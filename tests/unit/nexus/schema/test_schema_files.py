"""The schema files are complete, small and fast, and have no corrections without effect."""

from __future__ import annotations

import json
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

import nexus.schema
from nexus.schema import formats, known, requests, secret_paths, types_of, violations

FOLDER = Path(nexus.schema.__file__).parent
PUBLISHED: dict[str, Any] = json.loads((FOLDER / "requests.json").read_text())
CORRECTIONS: dict[str, Any] = json.loads((FOLDER / "corrections.json").read_text())
DEFAULTS: dict[str, Any] = json.loads((FOLDER / "defaults.json").read_text())


def test_all_69_repositories_in_26_formats_are_known() -> None:
    assert sum(len(types_of(format_)) for format_ in formats()) == 69
    assert len(formats()) == 26


def test_formats_and_types_have_their_names_in_urls() -> None:
    assert {"maven", "go"} <= set(formats())
    assert types_of("docker") == ("hosted", "proxy", "group")
    assert types_of("apt") == ("hosted", "proxy")
    assert types_of("maven2") == ()


def test_every_kind_has_its_request() -> None:
    wanted = (
        "anonymous capability cleanupPolicy contentSelector crowd email eula http ldap realms role routingRule saml"
    )
    wanted += " script ssrfProtection task truststore user userTokens"
    stores = {f"blobStore/{kind}" for kind in ("azure", "file", "google", "group", "s3")}
    assert {*wanted.split(), *stores} <= set(requests())
    assert len([name for name in requests() if name.startswith("privilege/")]) == 6


@pytest.mark.parametrize(
    ("request_name", "paths"),
    [
        ("user", {("password",)}),
        ("repository/apt/hosted", {("aptSigning", "keypair"), ("aptSigning", "passphrase")}),
        ("repository/raw/hosted", set()),
        ("realms", set()),
        ("ldap", {("authPassword",)}),
        ("blobStore/azure", {("bucketConfiguration", "authentication", "accountKey")}),
    ],
)
def test_the_secrets_of_a_request_are_listed(request_name: str, paths: set[tuple[str, ...]]) -> None:
    assert secret_paths(request_name) == paths


def test_password_and_token_of_every_proxys_remote_are_secret() -> None:
    for format_ in formats():
        if "proxy" in types_of(format_):
            login = {("httpClient", "authentication", name) for name in ("password", "bearerToken")}
            assert login <= secret_paths(f"repository/{format_}/proxy")


def test_the_published_schema_is_under_150_kb() -> None:
    assert (FOLDER / "requests.json").stat().st_size < 150_000


FIRST_USE = """
import sys, time
opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
import nexus.schema
assert not [name for name in opened if name.endswith(".json")]
start = time.process_time()
nexus.schema.violations("repository/docker/proxy", {})
print(time.process_time() - start)
"""


def test_importing_reads_no_data_and_the_first_check_takes_less_than_20_ms() -> None:
    command = [sys.executable, "-c", FIRST_USE]
    first = subprocess.run(command, capture_output=True, text=True, check=True, cwd=FOLDER.parents[1])
    assert float(first.stdout) < 0.02


@pytest.mark.parametrize("request_name", sorted({*CORRECTIONS["requests"], *CORRECTIONS["lists"], *DEFAULTS}))
def test_every_pattern_of_requests_matches_one(request_name: str) -> None:
    assert any(fnmatchcase(name, request_name) for name in requests())


def test_every_first_release_names_a_request() -> None:
    for globs in CORRECTIONS["first release"].values():
        assert all(any(fnmatchcase(name, glob) for name in requests()) for glob in globs)


@pytest.mark.parametrize("name", sorted(CORRECTIONS["definitions"]))
def test_every_correction_of_a_definition_changes_a_published_property(name: str) -> None:
    assert set(CORRECTIONS["definitions"][name]) <= set(PUBLISHED["definitions"][name])


def test_every_correction_of_a_request_changes_a_published_property_or_brings_its_type() -> None:
    for glob, properties in CORRECTIONS["requests"].items():
        matched = [request for name, request in PUBLISHED["requests"].items() if fnmatchcase(name, glob)]
        published = {
            name
            for request in matched
            for name in {**request.get("properties", {}), **PUBLISHED["definitions"].get(request.get("extends"), {})}
        }
        assert {name for name, correction in properties.items() if "type" not in (correction or {})} <= published


def test_every_condition_belongs_to_a_definition_or_a_request() -> None:
    owners = {*PUBLISHED["definitions"], *PUBLISHED["requests"]}
    for glob in CORRECTIONS["conditions"]:
        assert any(fnmatchcase(owner, glob) for owner in owners)


def test_every_pattern_of_the_schema_has_a_description() -> None:
    text = json.dumps([PUBLISHED, CORRECTIONS])
    for pattern in patterns_in(json.loads(text)):
        assert pattern in CORRECTIONS["pattern texts"]


def test_every_default_is_a_property_of_its_request() -> None:
    for glob, default in DEFAULTS.items():
        for name in (name for name in requests() if fnmatchcase(name, glob)):
            filled = without_marks(default)
            assert [found for found in violations(name, filled) if found.problem == "unknown key"] == []


def test_known_is_only_true_for_requests() -> None:
    assert known("repository/docker/proxy")
    assert not known("repository/docker/virtual")


def patterns_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["pattern"]} if isinstance(value.get("pattern"), str) else set()
        return own.union(*map(patterns_in, value.values()))
    return set().union(*map(patterns_in, value)) if isinstance(value, list) else set()


def without_marks(default: Any) -> Any:
    if isinstance(default, dict):
        return {name.removesuffix("?"): without_marks(item) for name, item in default.items()}
    return default
