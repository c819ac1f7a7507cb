"""Of more tags and versions than are kept, exactly those beyond the limit are removed."""

import hashlib
import json
from typing import Any

import pytest
import requests

from cli.storage import keeping
from cli.storage.keeping import Images
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from stacks.maintenance import Kept
from tests.integration.provider.play import ADMIN, Play
from tests.support.ports import free_port

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TAGS = [f"build-{number}" for number in range(1, 13)]


class Registry:
    """A docker repository through the registry API."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/v2"

    def push(self, image: str, tag: str) -> str:
        """Pushes a unique image and returns the digest of its manifest."""
        parts = [{"digest": self._blob(image, part), "size": len(part), "mediaType": "application/octet-stream"}
                 for part in (b"{}", f"{image}:{tag}".encode())]  # fmt: skip
        manifest = json.dumps(
            {"schemaVersion": 2, "mediaType": MANIFEST, "config": parts[0], "layers": [parts[1]]}
        ).encode()
        self._ask("PUT", f"{self._url}/{image}/manifests/{tag}", data=manifest, headers={"Content-Type": MANIFEST})
        return hashlib.sha256(manifest).hexdigest()

    def tags(self, image: str) -> set[str]:
        return set(self._ask("GET", f"{self._url}/{image}/tags/list").json()["tags"])

    def _blob(self, image: str, content: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        place = self._ask("POST", f"{self._url}/{image}/blobs/uploads/").headers["Location"]
        url = place if place.startswith("http") else self._url.removesuffix("/v2") + place
        self._ask("PUT", url, params={"digest": digest}, data=content)
        return digest

    @staticmethod
    def _ask(method: str, url: str, **options: Any) -> requests.Response:
        answer = requests.request(method, url, auth=("admin", ADMIN), timeout=60, **options)
        answer.raise_for_status()
        return answer


@pytest.fixture(scope="module")
def stored(play: Play) -> tuple[Play, NexusClient, Registry]:
    port = free_port()
    storage = {"writePolicy": "ALLOW", "strictContentTypeValidation": False}
    docker = {"httpPort": port, "forceBasicAuth": True}
    play.wanted |= {
        "blobStores": {"images": {}, "jars": {}},
        "repositories": {
            "images": {"format": "docker", "type": "hosted", "docker": docker,
                       "storage": {**storage, "blobStoreName": "images"}},
            "jars": {"format": "maven", "type": "hosted", "maven": {"versionPolicy": "RELEASE"},
                     "storage": {**storage, "blobStoreName": "jars"}},
        },
    }  # fmt: skip
    play.up()
    url, authority = play.environment["NEXUS_URL"], (play.folder / "ca.pem").read_text()
    client = NexusClient(Connection(url=url, password=ADMIN, address="127.0.0.1", ca_pem=authority))
    return play, client, Registry(port)


def test_tags_beyond_the_limit_are_removed_unless_protected_or_used(
    stored: tuple[Play, NexusClient, Registry],
) -> None:
    _, client, registry = stored
    digests = {tag: registry.push("team/app", tag) for tag in TAGS}
    registry.push("other", "1")
    registry.push("team/app", "build-2")  # again, which makes it one of the last
    used = Images.of(["store/team/app:build-3", f"store/team/app@sha256:{digests['build-4']}"])
    kept = Kept(last=3, protected=("build-5",))
    going = keeping.beyond(keeping.versions(client, "images"), kept, used)
    assert registry.tags("team/app") == set(TAGS)  # nothing is removed yet
    assert {each.version for each in going} == {"build-1", *(f"build-{number}" for number in range(6, 11))}
    assert keeping.remove(client.delete, going) == 6
    assert registry.tags("team/app") == {f"build-{number}" for number in (2, 3, 4, 5, 11, 12)}
    assert registry.tags("other") == {"1"}
    assert keeping.beyond(keeping.versions(client, "images"), kept, used) == []


def test_versions_of_artifacts_are_removed_with_all_their_files(stored: tuple[Play, NexusClient, Registry]) -> None:
    play, client, _ = stored
    for version in ("1.0", "1.1", "1.2"):
        for ending in ("pom", "jar"):
            play.store(f"jars/org/app/{version}/app-{version}.{ending}", b"x")
    going = keeping.beyond(keeping.versions(client, "jars"), Kept(last=2), Images.of([]))
    assert [(each.component, each.version) for each in going] == [("org:app", "1.0")]
    keeping.remove(client.delete, going)
    left = {item["path"] for item in client.get("/v1/assets", repository="jars")["items"]}
    assert not [path for path in left if "/1.0/" in path]
    assert len([path for path in left if path.endswith((".pom", ".jar"))]) == 4
