"""The last versions of each component are kept, and protected or used ones; `CLEAN=1` removes the others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.docker import Docker
from cli.errors import CommandError
from cli.stack.stack import Stack
from cli.storage import in_use
from cli.storage.keeping import Images, Version, beyond, remove, versions
from nexus.errors import NotFound
from stacks.maintenance import Kept

DAY = datetime(2026, 11, 1, tzinfo=UTC)
NOTHING = Images.of([])
DIGEST = "a" * 64


def version(name: str, text: str, day: int, digest: str = "") -> Version:
    digests = frozenset({digest}) if digest else frozenset[str]()
    return Version(f"{name}{text}", name, text, DAY + timedelta(days=day), digests)


def gone(found: list[Version], used: Images = NOTHING, **kept: Any) -> list[str]:
    return [f"{each.component}:{each.version}" for each in beyond(found, Kept(**kept), used)]


def test_the_last_uploaded_versions_of_each_component_are_kept() -> None:
    # 1.0.1 was published after 2.0, so it is the newest.
    app = [version("app", text, day) for day, text in enumerate(("1.0", "1.1", "2.0", "1.0.1"))]
    assert gone([*app, version("other", "0.1", 0)], last=2) == ["app:1.1", "app:1.0"]
    assert gone(app, last=4) == []


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ((), ["latest", "v2.1", "v1.0"]),
        (("latest",), ["v2.1", "v1.0"]),
        (("v2.*", "latest"), ["v1.0"]),
        (("team/app:*",), []),
        (("other:*", "V1*"), ["latest", "v2.1", "v1.0"]),
    ],
)
def test_protected_versions_are_kept(patterns: tuple[str, ...], left: list[str]) -> None:
    tags = [version("team/app", tag, day) for day, tag in enumerate(("v1.0", "v2.1", "latest", "newest"))]
    assert gone(tags, last=1, protected=patterns) == [f"team/app:{tag}" for tag in left]


@pytest.mark.parametrize(
    "reference",
    [
        "nexus.domain.org/team/app:old",
        "nexus.domain.org:5000/team/app:old",
        "nexus.domain.org/repository/images/team/app:old",
        f"nexus.domain.org/team/app@sha256:{DIGEST}",
        f"nexus.domain.org/team/app:gone@sha256:{DIGEST}",
    ],
)
def test_versions_used_by_containers_are_kept(reference: str) -> None:
    tags = [version("team/app", "old", 0, DIGEST), version("team/app", "older", -1), version("team/app", "new", 1)]
    assert gone(tags, Images.of([reference]), last=1) == ["team/app:older"]


def test_other_tags_of_a_kept_image_are_kept() -> None:
    """Some servers remove a manifest with all of its tags."""
    tags = [version("app", "1", 1, DIGEST), version("app", "2", 2, "b" * 64), version("app", "latest", 3, DIGEST)]
    assert gone(tags, last=1) == ["app:2"]
    assert gone([*tags, version("app", "3", 4)], last=1) == ["app:latest", "app:2", "app:1"]
    assert gone([*tags, version("other", "1", 4, "b" * 64), version("other", "2", 5)], last=1) == ["app:2", "other:1"]


def test_similar_references_do_not_keep_a_version() -> None:
    used = Images.of(["nexus.domain.org/my-team/app:old", "team/app", "https://nexus.domain.org/", ""])
    assert gone([version("team/app", "old", 0), version("team/app", "new", 1)], used, last=1) == ["team/app:old"]


def test_an_image_without_a_tag_is_latest() -> None:
    assert Images.of(["registry/app"]).have(version("app", "latest", 0))
    assert not Images.of([f"registry/app@sha256:{DIGEST}"]).have(version("app", "latest", 0))


class Server:
    """Two pages of components, one of which is removed by others."""

    def __init__(self) -> None:
        self.removed: list[str] = []

    def get(self, path: str, **query: str) -> Any:
        assert (path, query["repository"]) == ("/v1/components", "images")
        asset = {"lastModified": "2026-11-02T10:00:00.000+02:00", "checksum": {"sha256": DIGEST}}
        older = {"lastModified": None, "blobCreated": "2026-11-01T00:00:00.000+00:00"}
        if "continuationToken" not in query:
            app = {
                "id": "a=",
                "format": "docker",
                "group": "org",
                "name": "app",
                "version": "1",
                "assets": [older, asset],
            }
            untimed: dict[str, Any] = {"id": "u", "group": None, "name": "app", "version": "2", "assets": [{}]}
            return {"items": [app, untimed], "continuationToken": "next"}
        page: list[Any] = [
            {"id": "f", "group": "/", "name": "a.txt", "version": None, "assets": [asset]},
            {"id": "m", "group": None, "name": "app", "version": f"sha256:{DIGEST}", "assets": [asset]},
            {"id": "g", "group": None, "name": "app", "version": "3", "assets": [older]},
        ]
        return {"items": page, "continuationToken": None}

    def delete(self, path: str) -> None:
        if path.endswith("/g"):
            raise NotFound("gone")
        self.removed.append(path)


def test_all_pages_are_read_and_entries_without_version_or_time_are_kept() -> None:
    server = Server()
    found = list(versions(server, "images"))
    assert [(each.component, each.version) for each in found] == [("org:app", "1"), ("app", "3")]
    assert found[0].uploaded == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert found[0].digests == {DIGEST}
    assert remove(server.delete, found) == 1
    assert server.removed == ["/v1/components/a%3D"]


class Answer:
    def __init__(self, output: str, returncode: int = 0) -> None:
        self.stdout, self.returncode = output, returncode


def test_images_of_containers_outputs_and_agents_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    def result(_docker: Docker, *arguments: str, text: str | None = None) -> Answer:
        if arguments[0] == "ps":
            return Answer("c1 c2")
        by_digest = f"nexus.domain.org/b@sha256:{DIGEST}\n"
        return Answer(by_digest if "RepoDigests" in arguments[2] else "nexus.domain.org/a:1 sha256:i1 i sha256:i2\n")

    monkeypatch.setattr(Docker, "result", result)
    used = in_use.images_in_use(Stack("nowhere"), {"url": "https://x", "more": {"image": "nexus.domain.org/o:7"}})
    assert {("a", "1"), ("o", "7"), ("jenkins-agent", "latest")} <= used.tags
    assert used.digests == {DIGEST}


def test_nothing_is_removed_if_the_engine_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Docker, "result", lambda *_: Answer("", 1))
    with pytest.raises(CommandError, match="nothing is removed"):
        in_use.images_in_use(Stack("nowhere"), {})
