"""PostgreSQL as the database, as far as possible with the stand-in, which ignores it: where its password is stored."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.store import Failed, Store, run

FILE = "/nexus-data/etc/fabric/nexus-store.properties"
FIRST, SECOND = "the-first-database-secret", "the-second-database-secret"


@pytest.fixture
def with_database(store: Store, tmp_path: Path) -> Iterator[Store]:
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    store.configure("nexus.database.host", "postgres.domain.org")
    store.configure_secret("nexus.database.password", FIRST)
    yield store
    shutil.copy(kept, store.file)
    store.configure("allowDataLoss[0]", "nexus.database")
    store.make("up")
    assert inside(store, f"ls {Path(FILE).parent}") == ""
    shutil.copy(kept, store.file)
    store.make("up")


def inside(store: Store, script: str) -> str:
    return run(["docker", "exec", store.container("nexus"), "sh", "-c", script])


def test_a_change_of_database_needs_allow_data_loss_and_one_file_has_its_password(with_database: Store) -> None:
    store = with_database
    code, output = store.preview()
    assert code != 0
    assert (
        "the database embedded has the records of what is stored, and "
        "postgresql://postgres.domain.org:5432/nexus has none of them" in output
    )
    assert f"./store pulumi config set --stack {store.stack} --path 'allowDataLoss[0]' nexus.database" in output

    store.configure("allowDataLoss[0]", "nexus.database")
    container = store.started("nexus").split()[0]
    output = store.make("up")
    assert "pulling " not in output, "make up reads the section beside its secret"
    assert inside(store, f"stat --format '%a %u %n' {FILE}") == f"600 200 {FILE}\n"
    assert f"password={FIRST}\n" in inside(store, f"cat {FILE}")
    after = store.started("nexus")
    assert after.split()[0] == container, "the container itself is none but the one that was there"
    code, refreshed = store.preview("--refresh", "--expect-no-changes", "--diff")
    assert code == 0, refreshed
    state = store.pulumi("stack", "export")[1]
    shown = run(["docker", "inspect", store.container("nexus")])
    assert not [text for text in (output, refreshed, state, shown, store.logs("nexus")) if FIRST in text]

    store.configure_secret("nexus.database.password", SECOND)
    store.make("up")
    assert f"password={SECOND}\n" in inside(store, f"cat {FILE}")
    restarted = store.started("nexus")
    assert restarted != after
    store.make("up")
    assert store.started("nexus") == restarted

    # The volume is lost with the file and everything that the state knows.
    run(["docker", "rm", "--force", store.container("nexus")])
    run(["docker", "volume", "rm", store.container("nexus-data")])
    with pytest.raises(Failed, match="is a new server with an empty data volume"):
        store.make("up")
    store.make("up")
    assert f"password={SECOND}\n" in inside(store, f"cat {FILE}")
    code, output = store.preview("--refresh", "--expect-no-changes", "--diff")
    assert code == 0, output
