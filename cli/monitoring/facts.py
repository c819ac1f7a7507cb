"""The metrics for the alerts, read from Nexus, its certificate and the folder of the backups."""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cli.limits import usage
from cli.monitoring.samples import Sample
from cli.snapshots.place import names_in, taken_at
from cli.storage.held import available
from nexus.errors import NotFound, Rejected, Unreachable
from nexus.http.connection import Connection
from nexus.http.listing import Api

_SECONDS = 5.0
FAILED = ("FAILED", "INTERRUPTED")
"""The results of a task's last run that need attention."""


def of_nexus(api: Api, version: str, now: datetime) -> Iterator[Sample]:
    yield Sample("facts_at_seconds", now.timestamp())
    yield from _blob_stores(api)
    yield Sample("read_only", float(not takes_content(api)))
    yield from _tasks(api)
    yield from _limits(api, version, now)


def takes_content(api: Api) -> bool:
    """False while the server is read-only and answers 503; callers already know that it can be reached."""
    try:
        api.get("/v1/status/writable")
    except Unreachable:
        return False
    return True


def _blob_stores(api: Api) -> Iterator[Sample]:
    for store in api.get("/v1/blobstores"):
        name = str(store["name"])
        labels = {"blob_store": name}
        yield Sample("blob_store_bytes", float(store.get("totalSizeInBytes") or 0), labels)
        free = available(store)
        if free is not None:
            yield Sample("blob_store_available_bytes", float(free), labels)
        if store.get("softQuota"):
            status = api.get(f"/v1/blobstores/{quote(name, safe='')}/quota-status")
            yield Sample("quota_violated", float(bool(status.get("isViolation"))), labels)


def _tasks(api: Api) -> Iterator[Sample]:
    try:
        tasks = api.get("/v1/tasks")["items"]
    except (NotFound, Rejected):
        return
    for task in tasks:
        labels = {"task": str(task["name"]), "type": str(task["type"])}
        if task.get("lastRunResult"):
            yield Sample("task_failed", float(str(task["lastRunResult"]) in FAILED), labels)
        if task.get("lastRun"):
            yield Sample("task_run_at_seconds", datetime.fromisoformat(str(task["lastRun"])).timestamp(), labels)


def _limits(api: Api, version: str, now: datetime) -> Iterator[Sample]:
    granted = usage.limits(version)
    requests, components = usage.history(api, "requests"), usage.history(api, "components")
    if requests is not None:
        yield Sample("requests", usage.last_24_hours(requests, now))
        yield Sample("requests_granted", granted.requests)
    if components:
        yield Sample("components", components[-1].value)
        yield Sample("components_granted", granted.components)


def of_certificate(connection: Connection) -> Iterator[Sample]:
    """When it expires, verified as by clients; nothing if it is invalid."""
    parts = urlsplit(connection.url)
    context = ssl.create_default_context(cadata=connection.ca_pem or None)
    try:
        with (
            socket.create_connection((connection.address or parts.hostname, parts.port or 443), _SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as verified,
        ):
            presented: Mapping[str, Any] = verified.getpeercert() or {}
    except OSError:
        return
    yield Sample("certificate_expires_at_seconds", float(ssl.cert_time_to_seconds(str(presented["notAfter"]))))


def of_backups(folder: Path) -> Iterator[Sample]:
    """The time of the last snapshot in a folder of this host; 0 if there is none."""
    names = names_in(folder)
    yield Sample("backup_at_seconds", taken_at(names[-1]) if names else 0.0)


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
