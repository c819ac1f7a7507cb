"""The cause of each alert is produced on a running server; with the resulting metrics promtool lets the alert fire."""

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from cli.monitoring import facts
from cli.monitoring.samples import Sample, text
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from tests.integration.provider.play import ADMIN, Play
from tests.support.ports import free_port
from tests.support.promtool import Series, check_alert
from tests.support.versions import NEWEST, NEWEST_RELEASE

_SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)$", re.M)
_SCRAPED = 'job="repository-store",stack="p"'
_HOUR = 3600
TIMES = "_at_seconds"
COUNTERS = ("_total", "_count")
SMALL = 48 << 20


@dataclass
class Store:
    """A server with a small disk for one of its blob stores, and its metrics."""

    play: Play
    faults: str
    backups: Path
    before: dict[str, float] = field(default_factory=dict)

    @property
    def client(self) -> NexusClient:
        authority = (self.play.folder / "ca.pem").read_text()
        url = self.play.environment["NEXUS_URL"]
        return NexusClient(Connection(url=url, password=ADMIN, address="127.0.0.1", ca_pem=authority))

    def metrics_now(self) -> dict[str, float]:
        """The metrics that Prometheus would read now; of a server that is down only that."""
        client, begun = self.client, time.monotonic()
        try:
            scraped = requests.get(self.url("service/metrics/prometheus"), auth=("admin", ADMIN), timeout=60).text
        except requests.ConnectionError:
            return {f"up{{{_SCRAPED}}}": 0}
        took = time.monotonic() - begun
        found = [*facts.of_nexus(client, NEWEST_RELEASE, facts.now()), *facts.of_certificate(client.connection)]
        found += facts.of_backups(self.backups)
        return {
            f"up{{{_SCRAPED}}}": 1,
            f"scrape_duration_seconds{{{_SCRAPED}}}": took,
            **_samples(scraped, _SCRAPED),
            **_samples(text(found, "p")),
        }

    def fault(self, **fault: object) -> None:
        requests.post(self.faults, json=fault, timeout=60).raise_for_status()

    def remove_faults(self) -> None:
        """Removes the faults of a test; stored content and counts stay."""
        with suppress(requests.ConnectionError):
            requests.delete(self.faults, timeout=60).raise_for_status()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.play.plain_port}/{path}"


def _samples(metrics: str, more: str = "") -> dict[str, float]:
    found = {}
    for sample in _SAMPLE.finditer(metrics):
        labels = ",".join(part for part in ((sample["labels"] or "").rstrip(","), more) if part)
        found[f"{sample['name']}{{{labels}}}"] = float(sample["value"])
    return found


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def store(playing: Callable[..., Play], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    port = free_port()
    play = playing(NEWEST, "--faults", f"127.0.0.1:{port}")
    with small_disk(play.folder / "data" / "blobs" / "small"), play:
        raw = {"format": "raw", "type": "hosted"}
        play.wanted |= {
            "blobStores": {
                "files": {},
                "counted": {"softQuota": {"type": "spaceUsedQuota", "limit": 2_000_000}},
                "small": {},
            },
            "repositories": {
                name: {**raw, "storage": {"blobStoreName": name}} for name in ("files", "counted", "small")
            },
            "tasks": {
                "compact-files": {
                    "type": "blobstore.compact",
                    "frequency": {"schedule": "manual"},
                    "properties": {"blobstoreName": "files"},
                }
            },
        }
        play.up()
        backups = tmp_path_factory.mktemp("backups")
        (backups / time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())).mkdir()
        made = Store(play, f"http://127.0.0.1:{port}", backups)
        compacted(made)
        made.before = made.metrics_now()
        yield made


def compacted(store: Store) -> None:
    (task,) = [each["id"] for each in store.client.get("/v1/tasks")["items"] if each["name"] == "compact-files"]
    store.client.post(f"/v1/tasks/{task}/run", None)


def series(before: dict[str, float], after: dict[str, float], minutes: int) -> Series:
    """Extrapolates the change between two samples for each minute; times are relative to now, promtool's 0."""
    now, found = time.time(), {}
    for name, value in after.items():
        first = before.get(name, value)
        if name.split("{")[0].endswith(TIMES):
            found[name] = f"{value - now:.0f}x{minutes}"
        elif name.split("{")[0].endswith(COUNTERS) or "available" in name:
            found[name] = f"{first:.0f}{value - first:+.0f}x{minutes}"
        else:
            found[name] = f"{value:g}x{minutes}"
    return found


def fails(store: Store) -> None:
    store.fault(kind="unavailable", path="^/repository/")
    for _ in range(20):
        assert requests.get(store.url("repository/files/x"), auth=("admin", ADMIN), timeout=60).status_code == 503


def slow(store: Store) -> None:
    """Sends as many slow requests as were counted before, so that they are more than a quarter."""
    store.fault(kind="slow", path="^/repository/", milliseconds=5500)
    asked = sum(
        value for name, value in store.metrics_now().items() if name.startswith("org_") and "_requests_count" in name
    )
    with ThreadPoolExecutor(100) as pool:
        list(pool.map(lambda _: requests.get(store.url("repository/files/x"), timeout=60), range(int(asked))))


def slow_metrics(store: Store) -> None:
    store.fault(kind="slow", path="^/service/metrics/", milliseconds=5500)


def frozen(store: Store) -> None:
    """Answers like a frozen core; the stand-in cannot be frozen."""
    store.fault(kind="unavailable", path="^/service/rest/v1/status/writable$")


def disk_fills(store: Store) -> None:
    store.play.store("small/a.bin", bytes(24 << 20))


def over_quota(store: Store) -> None:
    store.play.store("counted/a.bin", bytes(2_000_001))


def requests_spent(store: Store) -> None:
    """Sends 80 times a thousand requests on one connection."""
    batch, asked = 1000, b"GET /repository/none/x HTTP/1.1\r\nHost: nexus\r\n\r\n"
    with socket.create_connection(("127.0.0.1", store.play.plain_port)) as connection:
        for _ in range(80):
            connection.sendall(asked * batch)
            answers = b""
            while answers.count(b"HTTP/1.1 ") < batch:
                answers += connection.recv(1 << 20)


def task_fails(store: Store) -> None:
    """Runs a task without the folder of its blob store."""
    folder = store.play.folder / "data" / "blobs" / "files"
    away = folder.rename(folder.with_name("away"))
    compacted(store)
    away.rename(folder)


def nothing(_: Store) -> None:
    """Only time is the cause."""


def down(store: Store) -> None:
    store.play.stop()


def old_backup(store: Store) -> None:
    (name,) = store.backups.iterdir()
    name.rename(store.backups / time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime(time.time() - 49 * _HOUR)))


# By alert: its cause, and the time after which it fires.
CAUSES: dict[str, tuple[Callable[[Store], None], str]] = {
    "StoreFails": (fails, "25m"),
    "StoreRequestsSlow": (slow, "20m"),
    "StoreSlow": (slow_metrics, "20m"),
    "StoreReadOnly": (frozen, "40m"),
    "StoreDiskFills": (disk_fills, "90m"),
    "StoreQuotaViolated": (over_quota, "20m"),
    "StoreTaskFailed": (task_fails, "10m"),
    "StoreNotCompacted": (nothing, "74h"),
    "StoreBackupTooOld": (old_backup, "90m"),
    "StoreFactsStale": (nothing, "150m"),
    # Last: these requests affect the other alerts too, and a server that is down answers nothing.
    "StoreRequestsNearlySpent": (requests_spent, "20m"),
    "StoreDown": (down, "10m"),
}
_SILENT_AFTER = {"StoreNotCompacted": "70h", "StoreFactsStale": "110m"}


@pytest.mark.parametrize("alert", CAUSES)
def test_an_alert_fires_only_after_its_cause(alert: str, store: Store, tmp_path: Path) -> None:
    make, after = CAUSES[alert]
    length = 75 * 60
    well = series(store.before, store.before, length)
    check_alert(tmp_path, alert, _SILENT_AFTER.get(alert, after), silent=well)
    make(store)
    metrics_now = store.metrics_now()
    store.remove_faults()
    check_alert(tmp_path, alert, after, firing=series(store.before, metrics_now, length))


def test_a_small_disk_and_an_expiring_certificate_fire(store: Store, tmp_path: Path) -> None:
    """The test's disk has 48 MB and its certificate expires in two days from the beginning."""
    for alert in ("StoreDiskFull", "StoreCertificateExpires"):
        check_alert(tmp_path, alert, "90m", firing=series(store.before, store.before, 100))
    large = {name: value for name, value in store.before.items() if 'blob_store="small"' not in name}
    check_alert(tmp_path, "StoreDiskFull", "90m", silent=series(large, large, 100))


def test_samples_are_read_as_prometheus_reads_them() -> None:
    metrics = text([Sample("task_failed", 1, {"task": "a b"})], "p")
    assert _samples(metrics) == {'repository_store_task_failed{stack="p",task="a b"}': 1}
    assert _samples('jetty{quantile="0.5",} 2', _SCRAPED) == {f'jetty{{quantile="0.5",{_SCRAPED}}}': 2}
