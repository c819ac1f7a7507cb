"""Known complaints of users of other tools that are refused or solved without a server.

The numbers are those of the list of complaints. Those that need a server are in tests/integration/provider. Folders of
the host in containers (14) are in program/test_program.py, unverified certificates (16) in
nexus/test_man_in_the_middle.py.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from components.nginx_configuration import nginx_configuration
from nexus import schema
from nexus.objects.quirks import QUIRKS
from stacks.managed_nexus import ManagedNexus
from stacks.rules.refusal import Refusal
from stacks.settings import Settings

ROOT = Path(__file__).parents[2]
RIGHT = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"},
}


def refused(**changes: Any) -> str:
    with pytest.raises(Refusal) as caught:
        Settings.of({**RIGHT, **changes}, ROOT / "stacks")
    return str(caught.value)


def test_05_differences_between_releases_are_in_one_table() -> None:
    assert {quirk.request for quirk in QUIRKS} >= {"ldap", "repository/maven/group"}
    text = refused(nexus={"generation": "3.90"}, repositories={"x": {"format": "composer", "type": "hosted"}})
    assert "needs Nexus 3.97 or newer" in text


def test_07_a_missing_cleanup_policy_is_refused_before_any_request() -> None:
    text = refused(
        repositories={"yum-hosted": {"cleanup": {"policyNames": ["odl"]}}},
        cleanupPolicies={"old": {"format": "*", "criteriaLastDownloaded": 3}},
    )
    assert "no cleanup policy is called 'odl'" in text
    assert "did you mean old?" in text
    assert "None is not one" in refused(repositories={"yum-hosted": {"cleanup": {"policyNames": ["None"]}}})


def test_09_an_unknown_action_is_refused_with_the_known_ones() -> None:
    text = refused(privileges={"x": {"type": "application", "domain": "d", "actions": ["read"]}})
    assert "READ" in text


def test_10_docker_without_its_realm_is_refused() -> None:
    assert "DockerToken is not among them" in refused(realms=["NexusAuthenticatingRealm"])


def test_13_nexus_gets_enough_time_to_stop_for_its_database() -> None:
    nexus = Settings.of(RIGHT, ROOT / "stacks").nexus
    assert isinstance(nexus, ManagedNexus)
    assert nexus.stop_timeout_seconds >= 120
    assert re.search(r":\d+\.\d+", nexus.image)


def test_15_docker_works_behind_the_proxy() -> None:
    text = nginx_configuration(Settings.of(RIGHT, ROOT / "stacks")).text
    for needed in ("client_max_body_size 0", "proxy_request_buffering off", "X-Forwarded-Proto"):
        assert needed in text


@pytest.mark.parametrize("request_", [name for name in schema.requests() if name.startswith("repository/")])
def test_17_every_optional_object_can_be_omitted(request_: str) -> None:
    body = schema.complete(request_, {"name": "x"})
    found = {found.path for found in schema.violations(request_, body) if found.problem == "missing"}
    assert not found & {"httpClient", "negativeCache", "httpClient.authentication", "httpClient.connection", "cleanup"}


def test_19_a_quota_in_another_unit_is_refused() -> None:
    text = refused(blobStores={"yum-hosted": {"softQuota": {"type": "spaceUsedQuota", "limit": 10}}})
    assert "blobStores.yum-hosted.softQuota.limit: invalid value (got 10" in text
    assert "a size like 10GB (10,000,000,000 bytes) or 10GiB (10,737,418,240)" in text
