"""`maintenance` creates tasks for which the server has templates, once; the preview says if it cannot."""

from collections.abc import Callable
from typing import Any

from tests.integration.provider.play import Play

STORED: dict[str, Any] = {
    "blobStores": {"images": {}, "snapshots": {}},
    "repositories": {
        "images": {
            "format": "docker",
            "type": "hosted",
            "storage": {"blobStoreName": "images", "writePolicy": "ALLOW"},
            "docker": {"httpPort": 5000},
        },
        "snapshots": {
            "format": "maven",
            "type": "hosted",
            "storage": {"blobStoreName": "snapshots", "writePolicy": "ALLOW"},
            "maven": {"versionPolicy": "SNAPSHOT"},
        },
    },
    "realms": ["NexusAuthenticatingRealm", "DockerToken"],
}
MAINTENANCE = {"maintenance": {"window": "22:00-02:00"}}


def tasks(play: Play) -> dict[str, dict[str, Any]]:
    return {task["name"]: task for task in play.ask("GET", "/v1/tasks").json()["items"]}


def test_the_tasks_are_created_once_from_templates_of_the_server(play: Play) -> None:
    play.wanted |= STORED
    play.up()
    before = tasks(play)
    play.wanted |= MAINTENANCE
    play.up()
    assert "unchanged" in play.preview("--refresh", "--expect-no-changes")
    made = {name: task for name, task in tasks(play).items() if name not in before}
    docker = {"incomplete-uploads", "unused-manifests-images"}
    assert made.keys() == {"compact-images", "compact-snapshots", "old-snapshots-snapshots"} | docker
    templates = {each["type"]: each["properties"] for each in play.ask("GET", "/v1/tasks/templates").json()}
    for task in made.values():
        assert task["enabled"] is True
        assert task["properties"].keys() <= templates[task["type"]].keys()
    del play.wanted["maintenance"]
    play.up()
    assert tasks(play).keys() == before.keys()


def test_the_preview_names_a_release_without_tasks_and_skips_them(
    playing: Callable[[str], Play],
) -> None:
    with playing("3.77") as play:
        play.wanted |= STORED | MAINTENANCE
        assert "maintenance: the API of this release cannot create tasks" in play.preview()
        play.up()
        assert "unchanged" in play.preview("--expect-no-changes")
