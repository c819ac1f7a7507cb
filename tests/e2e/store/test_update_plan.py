"""`up` with an update plan does exactly what its preview showed, or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.store import Failed, Store, run

YUM = "/v1/repositories/yum/hosted/yum-hosted"


@pytest.fixture
def plan(store: Store, tmp_path: Path) -> Iterator[Path]:
    """The plan of a stack file with one more repository."""
    kept = store.file.read_text()
    store.configure("blobStores.planned.onDelete", "keep")
    for key, value in {"format": "raw", "type": "hosted", "storage.blobStoreName": "planned"}.items():
        store.configure(f"repositories.planned.{key}", value)
    path = tmp_path / "e2e.plan.json"
    report = store.make("preview-report", PLAN=str(path))
    assert "| create | Repository | `planned` |" in report
    yield path
    store.file.write_text(kept)
    store.make("up")


def exists(store: Store, name: str = "planned") -> bool:
    return bool(store.api("GET", f"/v1/repositories/raw/hosted/{name}").status_code == 200)


def test_a_reviewed_plan_is_applied_and_contains_no_secret(store: Store, plan: Path) -> None:
    assert plan.stat().st_mode & 0o777 == 0o600
    secrets = [password for _, password in (store.admin, store.jenkins, store.ci_pull, store.ci_push)]
    assert not [secret for secret in secrets if secret in plan.read_text()]
    assert "PRIVATE KEY" not in plan.read_text()

    store.make("up", PLAN=str(plan))
    assert exists(store)
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_a_changed_stack_file_or_server_is_refused_with_the_key_or_object(store: Store, plan: Path) -> None:
    reviewed = store.file.read_text()
    store.configure("blobStores.planned.onDelete", "purge")
    with pytest.raises(Failed, match=r"has changed since it was made: blobStores\.planned\.onDelete\. Fix: make"):
        store.make("up", PLAN=str(plan))
    store.file.write_text(reviewed)

    live = store.api("GET", YUM).json()
    assert store.api("PUT", YUM, json={**live, "online": False}).ok
    with pytest.raises(Failed, match=r"::yum-hosted violates plan") as refused:
        store.make("up", PLAN=str(plan))
    assert "Traceback" not in str(refused.value)
    again = f"make preview-report STACK={store.stack} PLAN={plan}, read it"
    assert f"has changed since the plan was made: {again}" in str(refused.value)
    assert store.api("GET", YUM).json()["online"] is False
    assert not exists(store)


def test_git_ignores_a_plan() -> None:
    assert run(["git", "check-ignore", "production.plan.json"]).strip() == "production.plan.json"
