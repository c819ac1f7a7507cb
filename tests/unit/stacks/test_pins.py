"""`maintenance.pins` and `maintenance.offlineCopies`: what no cleanup removes."""

import re
from pathlib import Path
from typing import Any

import pytest

from nexus.syntax import java_regex
from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from stacks.topology.pinned import regex

STACKS = Path(__file__).parents[3] / "stacks"
RIGHT: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": dict.fromkeys(("admin", "jenkins", "ci-pull", "ci-push"), "x"),
    "cleanupPolicies": {"unused": {"format": "*", "criteriaLastDownloaded": 90}},
    "repositories": {name: {"cleanup": {"policyNames": ["unused"]}} for name in ("docker-proxy", "maven-central")},
}


def of(**maintenance: Any) -> Settings:
    return Settings.of({**RIGHT, "maintenance": {"window": "01:00-05:00", **maintenance}}, STACKS)


def refused(**maintenance: Any) -> str:
    with pytest.raises(Refusal) as found:
        of(**maintenance)
    (line,) = str(found.value).splitlines()
    return line


@pytest.mark.parametrize(
    ("format_", "pins", "kept", "cleaned"),
    [
        (
            "docker",
            ["library/alpine:3.2*", "team/base"],
            ["v2/library/alpine/manifests/3.20", "/v2/library/alpine/manifests/3.21",
             "/v2/library/alpine/manifests/sha256:aa", "/v2/team/base/manifests/1"],
            ["/v2/library/alpine/manifests/3.19", "/v2/team/base2/manifests/1", "/v2/x/team/base/manifests/1",
             "/v2/library/node/manifests/sha256:aa"],
        ),
        (
            "maven",
            ["org.apache.maven", "com.domain:app:1.*"],
            ["/org/apache/maven/maven-core/3.9/maven-core-3.9.pom", "/com/domain/app/1.4/app-1.4.jar"],
            ["/org/apache/maven2/x/1/x-1.jar", "/com/domain/app/2.0/app-2.0.jar", "/orgXapache/maven/x/1/x-1.jar"],
        ),
        ("raw", ["tools/jdk"], ["/tools/jdk", "tools/jdk/17.tgz"], ["/tools/jdk17", "/other/tools/jdk/17.tgz"]),
    ],
)  # fmt: skip
def test_a_policy_matches_everything_but_what_is_pinned(
    format_: str, pins: list[str], kept: list[str], cleaned: list[str]
) -> None:
    """Python reads these expressions as Java does, which has the same look-ahead; Nexus matches the whole path.

    A Nexus Core 3.77 accepted those for maven and raw in a cleanup policy on 2026-12-02, and its cleanup task removed
    exactly what is in `cleaned` here; it has no docker.
    """
    wanted = regex(format_, pins)
    assert java_regex.problem(wanted) is None
    assert [path for path in kept if re.fullmatch(wanted, path)] == []
    assert [path for path in cleaned if not re.fullmatch(wanted, path)] == []


def test_a_repository_with_pins_has_the_criteria_of_its_policies_without_what_is_pinned() -> None:
    topology = of(pins={"maven-central": ["org.apache.maven"]}).topology
    (name,) = topology.repositories["maven-central"].cleanup_policies
    assert topology.cleanup_policies[name].declared == {
        "format": "maven2",
        "criteriaLastDownloaded": 90,
        "criteriaAssetRegex": regex("maven", ["org.apache.maven"]),
    }
    assert topology.repositories["docker-proxy"].cleanup_policies == ("unused",)
    assert regex("raw", ["a"], "/b/.*") == "^(?!/?(?:a(?:/.*)?)$)(?:/b/.*)$"


def test_without_pins_no_policy_changes() -> None:
    assert of().topology.cleanup_policies.keys() == {"unused"}


@pytest.mark.parametrize(
    ("maintenance", "reason"),
    [
        ({"pins": {"maven-centra": ["org"]}}, "maintenance.pins.maven-centra: not a repository that stores anything"),
        ({"pins": {"docker-group": ["org"]}}, "maintenance.pins.docker-group: not a repository that stores anything"),
        ({"pins": {"docker-proxy": ["a b"]}}, "maintenance.pins.docker-proxy"),
        ({"offlineCopies": ["docker-private"]}, "maintenance.offlineCopies: no proxy is called 'docker-private'"),
        ({"offlineCopies": ["docker-proxy"]},
         "maintenance.offlineCopies: docker-proxy has a cleanup policy, which removes content (got unused"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_in_one_line(maintenance: dict[str, Any], reason: str) -> None:
    assert reason in refused(**maintenance)


def test_an_offline_copy_and_a_task_that_removes_untagged_images_contradict_each_other() -> None:
    task = {"type": "repository.docker.gc", "properties": {"repositoryName": "*"}, "frequency": {"schedule": "manual"}}
    wanted = {**RIGHT, "repositories": {}, "tasks": {"gc": task}}
    wanted["maintenance"] = {"window": "01:00-05:00", "offlineCopies": ["docker-proxy"]}
    with pytest.raises(Refusal, match="the task gc removes untagged images from docker-proxy"):
        Settings.of(wanted, STACKS)
