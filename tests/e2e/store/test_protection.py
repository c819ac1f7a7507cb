"""`protect: true` refuses removals until it was turned off by an `up` of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.store import Failed, Store


@pytest.fixture
def protected(store: Store, tmp_path: Path) -> Iterator[Store]:
    """The protected store, with an unused blob store."""
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    store.configure("blobStores.guarded.onDelete", "purge")
    store.configure("protect", "true")
    store.make("up")
    yield store
    # In two steps: a resource stays protected until the state says otherwise.
    store.configure("blobStores.guarded.onDelete", "purge")
    store.configure("protect", "false")
    store.make("up")
    shutil.copy(kept, store.file)
    store.make("up")
    assert "guarded" not in blob_stores(store)


def blob_stores(store: Store) -> set[str]:
    return {entry["name"] for entry in store.api("GET", "/v1/blobstores").json()}


def test_neither_a_blob_store_nor_the_stack_is_removed(protected: Store) -> None:
    store, before = protected, blob_stores(protected)
    store.unset("blobStores.guarded")
    code, output = store.preview()
    assert code != 0
    assert "blob-store-guarded" in output
    assert "protected" in output
    store.configure("blobStores.guarded.onDelete", "purge")

    with pytest.raises(Failed) as failure:
        store.make("down")
    assert "Fix: ./store pulumi config set --stack e2e protect false" in str(failure.value)
    code, output = store.pulumi("destroy", "--yes", "--color", "never")
    assert code != 0
    assert "Preview failed" in output
    assert "protected" in output
    assert blob_stores(store) == before
