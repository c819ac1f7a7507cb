"""A stack's own sections are merged into its shared topology."""

from pathlib import Path
from typing import Any

from nexus.schema.merging import merged
from stacks.docker_routes import Connector, DockerRoutes
from stacks.settings import Settings
from stacks.topology.privileges import privileges

STACKS = Path(__file__).parents[3] / "stacks"
RIGHT: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"},
}


def test_a_mapping_is_merged_key_by_key_and_a_list_is_replaced() -> None:
    shared = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    assert merged(shared, {"a": {"y": [3], "z": 4}}) == {"a": {"x": 1, "y": [3], "z": 4}, "b": 1}


def test_null_removes_an_entry() -> None:
    assert merged({"a": {"x": 1}, "b": 2}, {"a": {"x": None}, "b": None, "c": None}) == {"a": {}}


def test_entries_of_the_stack_come_last() -> None:
    assert list(merged({"b": 1, "a": 2}, {"c": 3, "a": 4})) == ["b", "a", "c"]


def test_a_group_of_the_stack_comes_after_its_members() -> None:
    # In alphabetical order, as Pulumi passes them.
    own = {
        "npm-all": {"format": "npm", "type": "group", "group": {"memberNames": ["npm-group"]}},
        "npm-group": {"format": "npm", "type": "group", "group": {"memberNames": ["npm-hosted"]}},
        "npm-hosted": {"format": "npm", "type": "hosted"},
    }
    names = list(Settings.of({**RIGHT, "repositories": own}, STACKS).topology.repositories)
    assert names[-3:] == ["npm-hosted", "npm-group", "npm-all"]
    assert names[:3] == ["docker-private", "docker-proxy", "docker-group"]


def test_the_shared_topology_is_not_modified() -> None:
    shared = {"a": {"x": 1}}
    merged(shared, {"a": {"x": 2}})
    assert shared == {"a": {"x": 1}}


def test_pushes_go_to_the_hosted_member_and_pulls_to_the_group() -> None:
    settings = Settings.of(RIGHT, STACKS)
    routes = settings.routes
    assert routes == DockerRoutes(Connector("docker-private", 5000), Connector("docker-group", 5001))


def test_a_store_without_docker_has_no_routes() -> None:
    gone = {"docker-private": None, "docker-proxy": None, "docker-group": None}
    settings = Settings.of(
        {
            **RIGHT,
            "repositories": gone,
            "roles": {"ci-push": {"push": ["yum-hosted"]}, "ci-pull": {"pull": ["yum-group"]}},
        },
        STACKS,
    )
    assert settings.routes is None


def test_a_role_with_push_and_pull_has_exactly_these_permissions() -> None:
    topology = Settings.of(RIGHT, STACKS).topology
    pull, push = topology.roles["ci-pull"], topology.roles["ci-push"]
    fetching, publishing = (privileges(role, topology.repositories) for role in (pull, push))
    assert "nx-repository-view-docker-docker-private-add" in publishing
    assert "nx-repository-view-maven2-maven-releases-edit" in publishing
    assert "nx-repository-view-docker-docker-group-read" in fetching
    assert not [name for name in fetching + publishing if name.endswith(("-delete", "-*")) or "admin" in name]
    assert not [name for name in fetching if not name.endswith(("-browse", "-read"))]


def test_publishers_may_fetch_and_jenkins_may_do_both() -> None:
    topology = Settings.of(RIGHT, STACKS).topology
    assert {name: role.roles for name, role in topology.roles.items()} == {
        "ci-pull": (),
        "ci-push": ("ci-pull",),
        "ci": ("ci-push",),
    }
    assert {name: user.roles for name, user in topology.users.items()} == {
        "jenkins": ("ci",),
        "ci-pull": ("ci-pull",),
        "ci-push": ("ci-push",),
    }


def test_a_maven_repository_has_its_version_policy() -> None:
    repositories = Settings.of(RIGHT, STACKS).topology.repositories
    assert {name: found for name, r in repositories.items() if (found := r.version_policy)} == {
        "maven-releases": "RELEASE",
        "maven-snapshots": "SNAPSHOT",
        "maven-central": "RELEASE",
        "maven-public": "MIXED",
    }
