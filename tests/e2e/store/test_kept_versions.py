"""`maintenance.keep` as a user sees it: `make storage` shows the versions beyond the limit, CLEAN=1 removes them."""

from collections.abc import Iterator

import pytest

from tests.e2e.store.small_store import small_stack
from tests.e2e.store.store import Store

JAR = "jars/org/kept/app/{0}/app-{0}.jar"
EMPTY = b"PK\x05\x06" + bytes(18)  # a jar
WANTED = {
    "blobStores.jars.onDelete": "keep",
    "repositories.jars.format": "maven",
    "repositories.jars.type": "hosted",
    "repositories.jars.storage.blobStoreName": "jars",
    "repositories.jars.maven.versionPolicy": "RELEASE",
    "roles.ci.push[0]": "files",
    "roles.ci.push[1]": "jars",
    "maintenance.window": "01:00-05:00",
    "maintenance.keep.jars.last": "2",
    "maintenance.keep.jars.protected[0]": "1.0",
}


@pytest.fixture(scope="module")
def kept() -> Iterator[Store]:
    with small_stack("kept") as store:
        for key, value in WANTED.items():
            store.configure(key, value)
        store.make("up")
        yield store


def there(store: Store) -> list[str]:
    listed = store.api("GET", "/v1/components?repository=jars").json()["items"]
    return sorted(item["version"] for item in listed if item["name"] == "app" and item["version"])


def test_versions_beyond_the_limit_are_shown_and_then_removed(kept: Store) -> None:
    for number in range(5):
        assert kept.content("PUT", JAR.format(f"1.{number}"), auth=kept.jenkins, data=EMPTY).ok
    output = kept.make("storage")
    assert "jars: 2 versions are older than the last 2 of each component" in output
    assert "    org.kept:app: 1.2, 1.1" in output
    assert len(there(kept)) == 5
    output = kept.make("storage", CLEAN="1", YES="1")
    assert "removed 2 versions" in output
    assert there(kept) == ["1.0", "1.3", "1.4"]
