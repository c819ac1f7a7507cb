"""What `storage` shows, as tables or as values."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.storage import history
from cli.storage.deleted import Deleted
from cli.storage.held import BlobStore, Held
from cli.storage.shown import change, moment, size


@dataclass(frozen=True)
class Storage:
    """What a store holds, how it grows, and which deleted content is still on the disk."""

    held: Held
    deleted: Mapping[str, Deleted]
    """By blob store; empty if the files cannot be read."""
    growth: history.Growth | None

    @property
    def available(self) -> int | None:
        return min((store.available for store in self.held.blob_stores if store.available is not None), default=None)


def as_values(storage: Storage) -> dict[str, Any]:
    """For programs; sizes are in bytes, and what is not known is null."""
    return {
        "blobStores": [_blob_store(store, storage) for store in storage.held.blob_stores],
        "repositories": [
            {
                "name": each.name,
                "kind": each.kind,
                "blobStore": each.blob_store,
                "assets": each.assets,
                "bytes": each.size,
                "neverFetchedBytes": each.never,
            }
            for each in storage.held.repositories
        ],
        "availableBytes": storage.available,
        "daysUntilFull": history.days_until_full(storage.available, storage.growth),
        "compactionFreesBytes": sum(each.size for each in storage.deleted.values()) if storage.deleted else None,
    }


def _blob_store(store: BlobStore, storage: Storage) -> dict[str, Any]:
    gone, grown = storage.deleted.get(store.name), storage.growth
    return {
        "name": store.name,
        "type": store.type,
        "blobs": store.blobs,
        "bytes": store.size,
        "availableBytes": store.available,
        "deletedBlobs": gone.blobs if gone else None,
        "deletedBytes": gone.size if gone else None,
        "bytesPerDay": grown.daily.get(store.name) if grown else None,
        "quota": _quota(store.quota),
    }


def _quota(text: str) -> dict[str, Any] | None:
    type_, _, limit = text.partition(" ")
    return {"type": type_, "bytes": int(limit)} if text else None


def show(storage: Storage) -> None:
    """Prints tables."""
    found, gone, grown = storage.held, storage.deleted, storage.growth
    console = Console(width=None if os.isatty(1) else 160)
    since = f"since {moment(grown.since)}" if grown else "growth"
    rows = [_blob_store_row(store, gone.get(store.name), grown) for store in found.blob_stores]
    _table(console, ("blob store", "type", "blobs", "holds", "deleted", since, "per day", "quota"), rows)
    _table(
        console,
        ("repository", "", "blob store", "assets", "holds", "never fetched"),
        [
            (each.name, each.kind, each.blob_store, f"{each.assets}", size(each.size), size(each.never))
            for each in found.repositories
        ],
    )
    if storage.available is not None:
        console.print(f"disk: {size(storage.available)} free; {_until_full(storage.available, grown)}", highlight=False)
    if gone:
        freed = sum(each.size for each in gone.values())
        console.print(f"a compaction would free {size(freed)} now (make storage CLEAN=1)", highlight=False)


def _until_full(available: int, grown: history.Growth | None) -> str:
    if grown is None:
        return "its growth is known an hour after the first run"
    days = history.days_until_full(available, grown)
    return "it does not fill up" if days is None else f"full in {days:.0f} days at this rate"


def _blob_store_row(store: BlobStore, gone: Deleted | None, grown: history.Growth | None) -> tuple[str, ...]:
    by = grown.by.get(store.name) if grown else None
    daily = grown.daily.get(store.name) if grown else None
    return (
        store.name,
        store.type,
        f"{store.blobs}",
        size(store.size),
        f"{size(gone.size)} in {gone.blobs}" if gone else "?",
        "" if by is None else change(by),
        "" if daily is None else change(daily),
        store.quota,
    )


def _table(console: Console, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head, justify="left" if head in ("blob store", "repository", "type", "", "quota") else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
