"""After rounds of publishing and deleting, one run of the maintenance tasks frees the space of deleted content."""

import hashlib
import json
import os
import subprocess
from typing import Any

import pytest
import requests

from cli.storage import cleaning
from cli.storage.deleted import deleted
from cli.storage.held import folders, held
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from tests.integration.provider.play import ADMIN, Play
from tests.support.ports import free_port
from tests.support.vanishing import content, files_below

SIZE = 256 * 1024
ROUNDS = 10
STORES = ("files", "images", "snapshots")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def stored(port: int) -> dict[str, Any]:
    def on(format: str, **more: Any) -> dict[str, Any]:
        storage = {"writePolicy": "ALLOW", "strictContentTypeValidation": False}
        return {"format": format, "type": "hosted", "storage": storage, **more}

    repositories = {
        "files": on("raw"),
        "images": on("docker", docker={"httpPort": port, "forceBasicAuth": True}),
        "snapshots": on("maven", maven={"versionPolicy": "SNAPSHOT"}),
    }
    for name, repository in repositories.items():
        repository["storage"]["blobStoreName"] = name
    # The default task keeps what was pushed within a day; this one does not.
    properties = {"repositoryName": "images", "deployOffset": "0"}
    now = {"type": "repository.docker.gc", "frequency": {"schedule": "manual"}, "properties": properties}
    return {
        "blobStores": {name: {} for name in STORES},
        "repositories": repositories,
        "maintenance": {"window": "01:00-05:00"},
        "tasks": {"images-at-once": now},
    }


class Rounds:
    """Publishes a new artifact in each repository and deletes the previous one."""

    def __init__(self, play: Play, port: int) -> None:
        self._play, self._registry = play, f"http://127.0.0.1:{port}/v2/app"
        self._before: dict[str, str] = {}

    def go(self, number: int) -> None:
        self._file(f"files/build-{number}.bin")
        self._file(f"snapshots/org/app/1.{number}-SNAPSHOT/app-1.{number}-20260101.000000-1.jar")
        self._image()

    def _file(self, path: str) -> None:
        self._play.store(path, os.urandom(SIZE))
        repository = path.partition("/")[0]
        if repository in self._before:
            self._play.send("DELETE", f"/repository/{self._before[repository]}").raise_for_status()
        self._before[repository] = path

    def _image(self) -> None:
        config, layer = b"{}", os.urandom(SIZE)
        parts = [{"digest": self._blob(part), "size": len(part), "mediaType": "application/octet-stream"}
                 for part in (config, layer)]  # fmt: skip
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": parts[0], "layers": [parts[1]]}
        self._ask("PUT", "/manifests/latest", data=json.dumps(manifest), headers={"Content-Type": MANIFEST})

    def _blob(self, content: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        place = self._ask("POST", "/blobs/uploads/").headers["Location"]
        url = place if place.startswith("http") else self._registry.removesuffix("/v2/app") + place
        self._ask("PUT", url, params={"digest": digest}, data=content)
        return digest

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self._registry + path
        answer = requests.request(method, url, auth=("admin", ADMIN), timeout=60, **options)
        answer.raise_for_status()
        return answer


@pytest.fixture(scope="module")
def worked(play: Play) -> tuple[Play, NexusClient]:
    port = free_port()
    play.wanted |= stored(port)
    play.up()
    rounds = Rounds(play, port)
    for number in range(ROUNDS):
        rounds.go(number)
    authority = (play.folder / "ca.pem").read_text()
    url = play.environment["NEXUS_URL"]
    return play, NexusClient(Connection(url=url, password=ADMIN, address="127.0.0.1", ca_pem=authority))


def on_disk(play: Play) -> int:
    blobs = play.folder / "data" / "blobs"
    return sum(len(content(file)) for name in STORES for file in files_below(blobs / name))


def inside(play: Play, script: str, paths: list[str]) -> str:
    here = [path.replace("/nexus-data", str(play.folder / "data"), 1) for path in paths]
    return subprocess.run(["sh", "-c", script, "sh", *here], capture_output=True, text=True, check=True).stdout


def test_deleted_content_uses_disk_space_until_the_maintenance_runs(worked: tuple[Play, NexusClient]) -> None:
    play, client = worked
    live = len(STORES) * SIZE
    assert on_disk(play) >= ROUNDS * live
    found = held(client)
    assert {each.name: each.size for each in found.repositories if each.name != "images"}["files"] == SIZE
    gone = deleted(lambda script, paths: inside(play, script, paths), folders(client, found.blob_stores))
    assert (gone["files"].blobs, gone["files"].size) == (ROUNDS - 1, (ROUNDS - 1) * SIZE)
    tasks = cleaning.tasks(client)
    assert cleaning.uncompacted(tasks, client.get("/v1/blobstores")) == []
    for task in tasks:
        cleaning.run(client, task, wait=lambda _: None)
    assert on_disk(play) <= 1.2 * live
    after = {store.name: store for store in held(client).blob_stores}
    assert all(SIZE <= after[name].size <= 1.2 * SIZE for name in STORES)


def test_remaining_content_is_served_after_the_maintenance(worked: tuple[Play, NexusClient]) -> None:
    play, _ = worked
    assert len(play.send("GET", f"/repository/files/build-{ROUNDS - 1}.bin").content) == SIZE
