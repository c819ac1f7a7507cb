"""The users of builds have only the permissions that they need."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.store.store import Store

POM = b"<project><modelVersion>4.0.0</modelVersion></project>"
PLACE = "org/domain/refused/1.0/refused-1.0.pom"
ADMINISTRATION: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/v1/security/users", None),
    ("GET", "/v1/security/roles", None),
    ("PUT", "/v1/security/anonymous", {"enabled": True, "userId": "anonymous", "realmName": "NexusAuthorizingRealm"}),
    ("GET", "/v1/blobstores", None),
    ("DELETE", "/v1/repositories/yum-hosted", None),
)


@pytest.fixture(params=["ci-pull", "ci-push"])
def user(request: pytest.FixtureRequest, store: Store) -> tuple[str, str]:
    found: tuple[str, str] = {"ci-pull": store.ci_pull, "ci-push": store.ci_push}[request.param]
    return found


@pytest.fixture
def elsewhere(store: Store) -> Iterator[str]:
    """A hosted repository that is in no role."""
    body = {
        "name": "elsewhere",
        "online": True,
        "storage": {"blobStoreName": "default", "strictContentTypeValidation": True, "writePolicy": "ALLOW"},
    }
    assert store.api("POST", "/v1/repositories/raw/hosted", json=body).status_code == 201
    assert store.content("PUT", "elsewhere/file", auth=store.admin, data=b"x").ok
    yield "elsewhere"
    assert store.api("DELETE", "/v1/repositories/elsewhere").ok


@pytest.fixture
def deployed(store: Store) -> Iterator[str]:
    """The path of an artifact that ci-push deployed to maven-releases."""
    place = "org/domain/kept/1.0/kept-1.0.pom"
    assert store.content("PUT", f"maven-releases/{place}", auth=store.ci_push, data=POM).ok
    yield place
    assert store.content("DELETE", f"maven-releases/{place}", auth=store.admin).ok


@pytest.mark.parametrize(("method", "path", "body"), ADMINISTRATION)
def test_none_of_them_may_administer(
    store: Store, user: tuple[str, str], method: str, path: str, body: dict[str, Any] | None
) -> None:
    assert store.api(method, path, auth=user, json=body).status_code == 403


def test_ci_pull_cannot_publish(store: Store) -> None:
    for target in (f"maven-releases/{PLACE}", f"maven-snapshots/{PLACE}", f"maven-public/{PLACE}", "yum-hosted/x.rpm"):
        assert store.content("PUT", target, auth=store.ci_pull, data=POM).status_code == 403, target


def test_ci_pull_reads_only_groups(store: Store, deployed: str, elsewhere: str) -> None:
    assert store.content("GET", f"maven-public/{deployed}", auth=store.ci_pull).content == POM
    for target in (f"maven-releases/{deployed}", "yum-hosted/repodata/repomd.xml", f"{elsewhere}/file"):
        assert store.content("GET", target, auth=store.ci_pull).status_code == 403, target


def test_ci_pull_browses_only_groups(store: Store) -> None:
    names = {entry["name"] for entry in store.api("GET", "/v1/repositories", auth=store.ci_pull).json()}
    assert names == {"docker-group", "maven-public", "yum-group", "npm-public", "pypi-public"}
    for name in ("maven-releases", "yum-hosted", "docker-private"):
        answer = store.api("GET", f"/v1/components?repository={name}", auth=store.ci_pull)
        assert answer.status_code == 403, name


def test_ci_push_publishes_only_to_the_declared_repositories(store: Store, elsewhere: str) -> None:
    for target in (f"{elsewhere}/file", f"maven-public/{PLACE}", f"maven-central/{PLACE}"):
        assert store.content("PUT", target, auth=store.ci_push, data=POM).status_code == 403, target
    assert store.content("GET", f"{elsewhere}/file", auth=store.ci_push).status_code == 403


def test_ci_push_cannot_delete(store: Store, deployed: str) -> None:
    assert store.content("DELETE", f"maven-releases/{deployed}", auth=store.ci_push).status_code == 403
    found = store.api("GET", "/v1/components?repository=maven-releases").json()["items"]
    (component,) = [item["id"] for item in found if item["name"] == "kept"]
    assert store.api("DELETE", f"/v1/components/{component}", auth=store.ci_push).status_code == 403
    assert store.content("GET", f"maven-public/{deployed}", auth=store.ci_push).ok
