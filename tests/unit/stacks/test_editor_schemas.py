"""What editors are told of stack files: all that the program accepts, and where most mistakes are.

jsonschema reads the schemas here; docs/settings.md says with which language server they were tried.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from stacks.stack_file import NAMESPACE
from stacks.topology.sections import SECTIONS
from tests.unit.stacks.test_topology_mutations import PATHS, STACKS, WHOLE, WRONG, mutated
from tools.stack_schemas.documents import STACK_FILE, TOPOLOGY, rendered

HEADER = "# yaml-language-server: $schema="


@cache
def schema(name: str) -> Draft7Validator:
    document = json.loads((STACKS / name).read_text(encoding="utf-8"))
    Draft7Validator.check_schema(document)
    return Draft7Validator(document)


def complaints(document: Any, name: str = STACK_FILE) -> list[tuple[str, str]]:
    return [(error.json_path, error.message) for error in schema(name).iter_errors(document)]


def about(**settings: Any) -> list[tuple[str, str]]:
    """What the editor says of these settings, each place without its quotes."""
    found = complaints({"config": {f"{NAMESPACE}{key}": value for key, value in settings.items()}})
    return [(path.replace(f"$.config['{NAMESPACE}", "").replace("']", ""), message) for path, message in found]


@pytest.mark.parametrize("name", [STACK_FILE, TOPOLOGY])
def test_the_schemas_are_those_of_the_code(name: str) -> None:
    assert (STACKS / name).read_text(encoding="utf-8") == rendered(name), f"stacks/{name} is old. Fix: make schemas"


@pytest.mark.parametrize("file", sorted(STACKS.glob("*.yaml")), ids=lambda file: file.name)
def test_each_file_names_its_schema_and_fits_it(file: Path) -> None:
    name = TOPOLOGY if file.name == "topology.yaml" else STACK_FILE
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"{HEADER}{name}\n")
    assert complaints(yaml.safe_load(text), name) == []


def test_the_whole_topology_of_the_provider_tests_fits() -> None:
    assert about(**WHOLE) == []
    assert complaints({key: value for key, value in WHOLE.items() if key in SECTIONS}, TOPOLOGY) == []


@examples(max_examples=300)
@given(st.sampled_from(PATHS), st.sampled_from(["missing", "unknown", "wrong"]), st.sampled_from(WRONG))
def test_nothing_is_marked_that_the_program_accepts(path: Any, how: str, value: Any) -> None:
    settings = mutated(path, how, value)
    try:
        Settings.of(settings, STACKS)
    except Refusal:
        return
    assert about(**{key: value for key, value in settings.items() if value != ""}) == []


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"hostnam": "nexus.domain.org"}, "$.config"),
        ({"hostname": "Nexus"}, "hostname"),
        ({"nginx": {"httpsPort": 70000}}, "nginx.httpsPort"),
        ({"nginx": {"rateLimit": {"loginsPerHour": 3}}}, "nginx.rateLimit"),
        ({"nexus": {"acceptEula": "yes"}}, "nexus"),
        ({"tls": {"mode": "letsencrypt"}}, "tls"),
        ({"retain": ["nexus_data"]}, "retain[0]"),
        ({"repositories": {"a": {"format": "docker", "type": "mirror"}}}, "repositories.a.type"),
        ({"repositories": {"a": {"format": "docker", "type": "hosted", "dockr": {}}}}, "repositories.a"),
        ({"repositories": {"a": {"format": "maven", "type": "proxy", "docker": {}}}}, "repositories.a"),
        ({"repositories": {"a": {"format": "raw", "type": "hosted", "adopt": "yes"}}}, "repositories.a.adopt"),
        ({"blobStores": {"a": {"type": "s3", "path": "a"}}}, "blobStores.a"),
        ({"roles": {"ci": {"push": "tools"}}}, "roles.ci.push"),
        ({"users": {"ci": {"password": "x"}}}, "users.ci"),
        ({"cleanupPolicies": {"a": {"criteriaLastDownloaded": "90"}}}, "cleanupPolicies.a.criteriaLastDownloaded"),
    ],
)
def test_a_mistake_is_marked_at_its_place(settings: dict[str, Any], place: str) -> None:
    assert [found for found, _ in about(**settings)] == [place]


def test_a_secret_may_be_encrypted_or_not_yet_there() -> None:
    assert (
        about(passwords={"admin": {"secure": "v1:abc"}}, email={"host": "smtp", "password": {"secure": "v1:x"}}) == []
    )
    assert complaints({"email": {"password": {"secure": "v1:x"}}}, TOPOLOGY), "the shared file holds no secrets"


def test_a_stack_file_may_change_one_key_of_a_shared_object() -> None:
    assert about(repositories={"docker-private": {"storage": {"writePolicy": "ALLOW_ONCE"}}, "raw": None}) == []


def test_other_namespaces_and_pulumi_s_own_keys_are_left_alone() -> None:
    assert complaints({"encryptionsalt": "v1:x", "config": {"docker:host": "unix:///run/docker.sock"}}) == []


def test_hovering_shows_what_the_docs_say() -> None:
    keys = schema(STACK_FILE).schema["properties"]["config"]["properties"]
    silent = [key for key, field in keys.items() if "description" not in field]
    assert not silent
    limits = schema(STACK_FILE).schema["definitions"]["RateLimit"]["properties"]
    assert limits["clientConnections"]["description"] == "per client address, at the same time (docs/nginx.md)"
