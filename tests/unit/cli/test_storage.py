"""`storage`: live content, deleted content that still uses space, growth, and the order of cleanup tasks."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.errors import CommandError
from cli.storage import cleaning, history
from cli.storage.deleted import Deleted, deleted
from cli.storage.held import BlobStore, Held, Repository, folders, held
from cli.storage.report import Storage, as_values
from cli.storage.shown import change, size

DAY = 24 * 60 * 60.0


class Server:
    """Answers GET requests from a table; a started task ends two requests later."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.ran: list[str] = []
        self.looks = 0

    def get(self, path: str, **query: str) -> Any:
        if path == "/v1/assets":
            return self.answers[f"{path}?{query['repository']}{query.get('continuationToken', '')}"]
        if path.startswith("/v1/tasks/"):
            id = path.rpartition("/")[2]
            if id not in self.ran:
                return {"lastRun": None, "currentState": "WAITING"}
            self.looks += 1
            done = self.looks > 2
            result = self.answers.get("result", "OK")
            state = "WAITING" if done else "RUNNING"
            return {"currentState": state, "lastRun": "now", "lastRunResult": result if done else None}
        return self.answers[path]

    def post(self, path: str, _body: Any) -> None:
        self.ran.append(path.split("/")[-2])
        self.looks = 0


def blob_store(name: str, **fields: Any) -> dict[str, Any]:
    counted = {"blobCount": 3, "totalSizeInBytes": 3000, "availableSpaceInBytes": 50_000}
    return {"name": name, "type": "File", **counted, **fields}


def task(id: str, type: str, **fields: Any) -> dict[str, Any]:
    return {"id": id, "name": id, "type": type, "enabled": True, **fields}


def test_all_pages_of_assets_are_counted_and_those_never_downloaded() -> None:
    first = {"items": [{"fileSize": 10, "lastDownloaded": None}], "continuationToken": "-2"}
    second = {"items": [{"fileSize": 5, "lastDownloaded": "2026-01-01"}, {"fileSize": None}], "continuationToken": None}
    group = {"name": "all", "format": "raw", "type": "group"}
    files = {"name": "files", "format": "raw", "type": "hosted", "storage": {"blobStoreName": "b"}}
    quota = {"type": "spaceUsedQuota", "limit": 7}
    stores = [blob_store("b", softQuota=quota), blob_store("cloud", type="S3", availableSpaceInBytes=(1 << 63) - 1)]
    answers = {"/v1/blobstores": stores, "/v1/repositorySettings": [group, files]}
    found = held(Server(answers | {"/v1/assets?files": first, "/v1/assets?files-2": second}))
    (repository,) = found.repositories
    assert (repository.assets, repository.size, repository.never) == (3, 15, 10)
    assert (repository.kind, repository.blob_store) == ("raw hosted", "b")
    assert [store.available for store in found.blob_stores] == [50_000, None]
    assert found.blob_stores[0].quota == "spaceUsedQuota 7"


def test_only_file_blob_stores_have_a_folder_and_relative_ones_are_on_the_data_volume() -> None:
    answers = {
        "/v1/blobstores": [blob_store("a b"), blob_store("far"), blob_store("cloud", type="S3")],
        "/v1/repositorySettings": [],
        "/v1/blobstores/file/a%20b": {"path": "a b"},
        "/v1/blobstores/file/far": {"path": "/mnt/far"},
    }
    server = Server(answers)
    assert folders(server, held(server).blob_stores) == {"a b": "/nexus-data/blobs/a b", "far": "/mnt/far"}


def run_here(script: str, paths: list[str]) -> str:
    return subprocess.run(["sh", "-c", script, "sh", *paths], capture_output=True, text=True, check=True).stdout


def blob(folder: Path, name: str, size: int, *, gone: bool, place: str = "vol-01/chap-02") -> None:
    file = folder / "content" / place / f"{name}.properties"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = ["#Tue Nov 24", "deleted=true", f"size={size}", "@BlobStore.blob-name=/size=9"]
    file.write_text("\n".join(line for line in lines if gone or not line.startswith("deleted")) + "\n")


def test_soft_deleted_blobs_are_counted_with_their_size(tmp_path: Path) -> None:
    one, two = tmp_path / "one store", tmp_path / "two"
    blob(one, "a", 100, gone=True)
    blob(one, "b", 20, gone=True, place="2026/11/25/01/59")
    blob(one, "c", 3, gone=False)
    blob(two, "d", 4, gone=False)
    absent = tmp_path / "absent"
    found = deleted(run_here, {"one": str(one), "two": str(two), "absent": str(absent)})
    assert {name: (each.blobs, each.size) for name, each in found.items()} == {
        "one": (2, 120), "two": (0, 0), "absent": (0, 0)
    }  # fmt: skip


def test_a_count_that_takes_too_long_has_no_result(tmp_path: Path) -> None:
    blob(tmp_path, "a", 100, gone=True)
    late = "date() { if [ -e begun ]; then echo 999; else echo 100; fi; }\n"  # 100 s or more after the start
    (tmp_path / "content" / "begun").touch()
    assert deleted(lambda script, paths: run_here(late + script, paths), {"one": str(tmp_path)}) == {}


def test_unreadable_files_have_no_result() -> None:
    assert deleted(lambda *_: "", {"one": "/nexus-data/blobs/one"}) == {}


def test_growth_is_since_the_last_sample_and_per_day_since_the_first() -> None:
    looks = [history.Look(0, {"a": 100}), history.Look(3 * DAY, {"a": 300, "b": 5})]
    found = history.growth(looks, history.Look(4 * DAY, {"a": 500, "b": 5}))
    assert found is not None
    assert found.by == {"a": 200, "b": 0}
    assert found.daily == {"a": 100.0, "b": 1.25}
    assert history.days_until_full(1000, found) == pytest.approx(1000 / 101.25)
    assert history.growth([], looks[0]) is None
    assert history.growth([looks[0]], history.Look(60.0, {"a": 900})) is None


def test_a_shrinking_store_has_no_forecast() -> None:
    found = history.growth([history.Look(0, {"a": 100})], history.Look(DAY, {"a": 40}))
    assert history.days_until_full(1000, found) is None


def test_one_sample_a_day_is_kept_and_a_broken_file_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "storage" / "local.json"
    for at in (0.0, 10.0, 20.0, DAY, DAY + 10):
        history.keep(path, history.read(path), history.Look(at, {"a": int(at)}))
    assert [look.at for look in history.read(path)] == [0.0, 20.0, DAY + 10]
    path.write_text("[{")
    assert history.read(path) == []


def test_cleanup_tasks_run_in_the_order_of_their_effects() -> None:
    items = [
        task("compact", "blobstore.compact", properties={"blobstoreName": "a"}),
        task("images", "repository.docker.gc"),
        task("marks", "assetBlob.cleanup"),
        task("policies", "repository.cleanup"),
        task("off", "blobstore.compact", enabled=False),
        task("other", "security.purge-api-keys"),
    ]
    server = Server({"/v1/tasks": {"items": items}})
    found = cleaning.tasks(server)
    for each in found:
        cleaning.run(server, each, wait=lambda _: None)
    assert server.ran == ["policies", "images", "marks", "compact"]
    assert cleaning.uncompacted(found, [blob_store(name) for name in "ab"]) == ["b"]
    assert cleaning.uncompacted(found, [blob_store("empty", totalSizeInBytes=0), blob_store("all", type="Group")]) == []


def test_a_compaction_task_without_shown_properties_counts_for_every_blob_store() -> None:
    server = Server({"/v1/tasks": {"items": [{"id": "c", "name": "c", "type": "blobstore.compact"}]}})
    assert cleaning.uncompacted(cleaning.tasks(server), [blob_store("a")]) == []


def test_a_failing_task_ends_the_cleanup() -> None:
    server = Server({"result": "FAILED"})
    with pytest.raises(CommandError, match="policies: the task failed"):
        cleaning.run(server, cleaning.Task("policies", "policies", "repository.cleanup", ""), wait=lambda _: None)


@pytest.mark.parametrize(
    ("given", "shown"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (200 << 30, "200 GiB"), (3 << 60, "3072 PiB")]
)
def test_a_size_has_a_readable_unit(given: int, shown: str) -> None:
    assert size(given) == shown


def test_a_change_has_a_sign() -> None:
    assert (change(2048), change(-5)) == ("+2.0 KiB", "-5 B")


def test_the_report_can_be_read_by_programs() -> None:
    store = BlobStore("files", "File", 3, 3000, 9000, "spaceUsedQuota 5000")
    repository = Repository("files", "raw hosted", "files", 3, 2000, 500)
    growth = history.Growth(0.0, {"files": 100}, {"files": 300.0})
    found = as_values(Storage(Held((store,), (repository,)), {"files": Deleted(1, 1000)}, growth))
    assert json.loads(json.dumps(found)) == {
        "blobStores": [
            {
                "name": "files",
                "type": "File",
                "blobs": 3,
                "bytes": 3000,
                "availableBytes": 9000,
                "deletedBlobs": 1,
                "deletedBytes": 1000,
                "bytesPerDay": 300,
                "quota": {"type": "spaceUsedQuota", "bytes": 5000},
            }
        ],
        "repositories": [
            {
                "name": "files",
                "kind": "raw hosted",
                "blobStore": "files",
                "assets": 3,
                "bytes": 2000,
                "neverFetchedBytes": 500,
            }
        ],
        "availableBytes": 9000,
        "daysUntilFull": 30,
        "compactionFreesBytes": 1000,
    }
    unknown = as_values(Storage(Held((replace(store, available=None, quota=""),), ()), {}, None))
    assert (
        unknown["blobStores"][0]["deletedBytes"] is unknown["compactionFreesBytes"] is unknown["daysUntilFull"] is None
    )
