"""`maintenance` of the stack file: the tasks that free space, their schedules, and tasks that replace them."""

from pathlib import Path
from typing import Any

import pytest

from components.quotas import with_host_quotas
from preflight.host_disk import Disk
from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from stacks.topology.maintained import TASKS_SINCE
from stacks.topology.quotas import least_free

STACKS = Path(__file__).parents[3] / "stacks"
RIGHT: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": dict.fromkeys(("admin", "jenkins", "ci-pull", "ci-push"), "x"),
}
WINDOW = {"maintenance": {"window": "01:00-05:00"}}


def tasks(**keys: Any) -> dict[str, dict[str, Any]]:
    topology = Settings.of({**RIGHT, **WINDOW, **keys}, STACKS).topology
    return {name: task.declared for name, task in topology.tasks.items()}


def minute(task: dict[str, Any]) -> int:
    seconds, minutes, hours, *days = task["frequency"]["cronExpression"].split()
    assert (seconds, days) == ("0", ["*", "*", "?"])
    return int(hours) * 60 + int(minutes)


def test_without_maintenance_nothing_is_scheduled() -> None:
    assert dict(Settings.of(RIGHT, STACKS).topology.tasks) == {}


def test_every_blob_store_is_compacted_and_unused_content_is_removed() -> None:
    made = tasks()
    stores = Settings.of(RIGHT, STACKS).topology.blob_stores
    compacted = {t["properties"]["blobstoreName"] for t in made.values() if t["type"] == "blobstore.compact"}
    assert compacted == set(stores)
    assert made["unused-manifests-docker-proxy"]["properties"]["repositoryName"] == "docker-proxy"
    assert made["unused-manifests-docker-private"]["type"] == "repository.docker.gc"
    assert made["incomplete-uploads"]["properties"] == {"age": "24"}
    assert made["old-snapshots-maven-snapshots"]["properties"] == {
        "repositoryName": "maven-snapshots",
        "minimumRetained": "1",
        "snapshotRetentionDays": "30",
    }
    assert len(made) == len(stores) + 4


def test_kept_snapshots_and_the_cleanup_of_images_are_configurable() -> None:
    made = tasks(maintenance={"window": "01:00-05:00", "keepSnapshots": 3, "snapshotDays": 7, "docker": False})
    properties = made["old-snapshots-maven-snapshots"]["properties"]
    assert (properties["minimumRetained"], properties["snapshotRetentionDays"]) == ("3", "7")
    assert not [name for name in made if "manifests" in name or "uploads" in name]


@pytest.mark.parametrize(("window", "begin", "length"), [("01:00-05:00", 60, 240), ("23:30-02:30", 1410, 180)])
def test_compactions_run_after_the_cleanup_each_at_its_own_time(window: str, begin: int, length: int) -> None:
    made = tasks(maintenance={"window": window})
    at = {name: (minute(task) - begin) % 1440 for name, task in made.items()}
    assert len(set(at.values())) == len(at)
    compacting = [at[name] for name, task in made.items() if task["type"] == "blobstore.compact"]
    cleaning = [at[name] for name, task in made.items() if task["type"] != "blobstore.compact"]
    assert max(cleaning) < length // 2 <= min(compacting)
    assert max(compacting) < length


def test_many_blob_stores_share_times() -> None:
    made = tasks(maintenance={"window": "01:00-02:00"})
    times = [minute(task) for task in made.values() if task["type"] == "blobstore.compact"]
    assert all(90 <= time < 120 for time in times)
    assert len(set(times)) == 6


def test_adding_a_blob_store_keeps_most_times() -> None:
    before, after = tasks(), tasks(blobStores={"one-more": {}})
    moved = [name for name in before if minute(before[name]) != minute(after[name])]
    assert set(after) - set(before) == {"compact-one-more"}
    assert len(moved) <= 2


def test_a_declared_task_replaces_the_derived_one() -> None:
    by_hand = {"schedule": "manual"}
    made = tasks(
        tasks={
            "mine": {"type": "blobstore.compact", "frequency": by_hand, "properties": {"blobstoreName": "yum-proxy"}},
            "images": {"type": "repository.docker.gc", "frequency": by_hand, "properties": {"repositoryName": "*"}},
            "compact-yum-group": {"type": "repository.cleanup", "frequency": by_hand},
        }
    )
    assert "compact-yum-proxy" not in made
    assert not [name for name in made if name.startswith("unused-manifests")]
    assert made["compact-yum-group"]["type"] == "repository.cleanup"
    assert "compact-yum-hosted" in made


def test_blob_store_groups_are_not_compacted_and_default_only_if_used() -> None:
    group = {"type": "group", "members": ["one"], "fillPolicy": "writeToFirst"}
    files = {"format": "raw", "type": "hosted"}
    keys = {"topology": None, "blobStores": {"one": {}, "both": group}, "repositories": {"files": files}}
    made = Settings.of({**{k: v for k, v in RIGHT.items() if k != "topology"}, **WINDOW, **keys}, STACKS).topology.tasks
    assert set(made) == {"compact-one", "compact-default"}


@pytest.mark.parametrize(("release", "any_task"), [("3.77", False), ("3.78", False), (TASKS_SINCE, True), (None, True)])
def test_only_releases_with_a_task_api_get_tasks(release: str | None, any_task: bool) -> None:
    image = {"image": "registry.domain.org/nexus@sha256:" + "0" * 64}
    assert bool(tasks(nexus={**image, **({"generation": release} if release else {})})) is any_task


@pytest.mark.parametrize(
    "window", ["1:00-5:00", "01:00", "25:00-26:00", "01:00-01:30", "01:00-01:00", "05:00 - 06:00", 5]
)
def test_an_invalid_window_is_refused(window: Any) -> None:
    with pytest.raises(Refusal) as refused:
        tasks(maintenance={"window": window})
    assert "maintenance.window" in str(refused.value)


def stores_with(quota: Any, **keys: Any) -> dict[str, Any]:
    settings = Settings.of({**RIGHT, **keys, "maintenance": {"window": "01:00-05:00", "quota": quota}}, STACKS)
    return dict(with_host_quotas(settings).topology.blob_stores)


def test_blob_stores_without_a_quota_get_the_default_quota() -> None:
    own = {"type": "spaceUsedQuota", "limit": "10GB"}
    stores = stores_with("50GB", blobStores={"yum-proxy": {"softQuota": own}, "docker-proxy": {"adopt": True}})
    assert stores["docker-private"].declared["softQuota"] == {"type": "spaceRemainingQuota", "limit": 50 * 10**9}
    assert stores["yum-proxy"].declared["softQuota"] == {"type": "spaceUsedQuota", "limit": 10 * 10**9}
    assert stores["docker-proxy"].soft_quota is None


def test_auto_is_a_tenth_of_the_disk_in_whole_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.quotas.host_disk", lambda *_: Disk(total=1_999_999_999_999, free=1))
    assert stores_with("auto")["docker-private"].declared["softQuota"]["limit"] == 199 * 10**9
    assert least_free(5 * 10**9) == 10**9


def test_without_a_known_disk_size_there_is_no_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr("components.quotas.host_disk", lambda *_: None)
    monkeypatch.setattr("pulumi.log.warn", warnings.append)
    assert stores_with("auto")["docker-private"].soft_quota is None
    assert "Fix: pulumi config set --path maintenance.quota 50GB" in warnings[0]


def test_without_the_setting_no_blob_store_changes() -> None:
    assert stores_with(None) == dict(Settings.of(RIGHT, STACKS).topology.blob_stores)


@pytest.mark.parametrize("quota", ["much", "10", "-1GB", True])
def test_an_invalid_quota_is_refused(quota: Any) -> None:
    with pytest.raises(Refusal, match=r"maintenance\.quota.*auto, or a size like 10GB"):
        stores_with(quota)


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"docker-private": {"last": 0}}, r"maintenance\.keep\.docker-private\.last"),
        ({"docker-private": {}}, r"maintenance\.keep\.docker-private\.last"),
        ({"docker-private": {"last": 1, "protected": [""]}}, r"maintenance\.keep\.docker-private\.protected"),
        ({"docker-proxy": {"last": 1}}, r"maintenance\.keep\.docker-proxy: not a hosted repository"),
        ({"docker-privat": {"last": 1}}, r"maintenance\.keep\.docker-privat: not a hosted repository"),
        ({"maven-snapshots": {"last": 1}}, r"it holds Maven snapshots.*maintenance\.keepSnapshots"),
    ],
)
def test_keep_is_only_accepted_for_repositories_with_versions(kept: Any, message: str) -> None:
    right = {"docker-private": {"last": 3, "protected": ["latest"]}, "maven-releases": {"last": 1}}
    Settings.of({**RIGHT, "maintenance": {"window": "01:00-05:00", "keep": right}}, STACKS)
    with pytest.raises(Refusal, match=message):
        Settings.of({**RIGHT, "maintenance": {"window": "01:00-05:00", "keep": kept}}, STACKS)
