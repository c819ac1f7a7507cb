"""The first week of somebody whose Pulumi is not the pinned version: with ./store, and with `pulumi` alone.

The CLI is a real one of that version. Its language host is the pinned one, of SDK 3.79.0: the Go module proxy
serves none that is newer. Nexus is the stand-in, as an external server, for which a stack needs no plugin but the
program's own.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.machine.toolchain import ensure_built_pulumi
from tests.e2e.store.store import ROOT, Store, run
from tests.integration.provider.plain import Plain
from tests.integration.provider.play import ADMIN, Play
from tests.integration.provider.tls import HOSTNAME

STORAGE = {"blobStoreName": "files", "writePolicy": "ALLOW_ONCE"}
OBJECTS = {"blobStores": {"files": {}}, "maintenance": {"window": "01:00-05:00"}}
UNCHANGED = "nothing to change"
API = "/v1/repositories/raw/hosted/files"


def repositories(**storage: Any) -> dict[str, Any]:
    return {"files": {"format": "raw", "type": "hosted", "storage": {**STORAGE, **storage}}}


@pytest.fixture
def plain(theirs: Play, environment: None, tmp_path: Path) -> Plain:
    made = Plain(theirs, tmp_path)
    done(made, "stack", "init")
    made.declare(**OBJECTS, repositories=repositories())
    assert made.run("config", "set", "--secret", "--path", "passwords.admin", given=ADMIN).returncode == 0
    return made


def done(plain: Plain, *arguments: str) -> str:
    found = plain.run(*arguments)
    assert found.returncode == 0, found.stdout
    assert "Traceback" not in found.stdout
    return found.stdout


def by_hand(theirs: Play) -> None:
    theirs.ask("PUT", API, {**theirs.ask("GET", API).json(), "online": False}).raise_for_status()


def test_the_first_week_with_pulumi_alone(plain: Plain) -> None:
    theirs = plain.play
    done(plain, "preview")
    done(plain, "up", "--yes")
    done(plain, "preview", "--refresh", "--expect-no-changes")
    plain.declare(**OBJECTS, repositories=repositories(writePolicy="DENY"))
    assert "1 to update" in done(plain, "preview")
    done(plain, "up", "--yes", "--skip-preview")
    assert theirs.ask("GET", API).json()["storage"]["writePolicy"] == "DENY"
    by_hand(theirs)
    assert "1 updated" in done(plain, "refresh", "--yes")
    done(plain, "up", "--yes")
    assert theirs.ask("GET", API).json()["online"] is True
    done(plain, "preview", "--refresh", "--expect-no-changes")
    done(plain, "destroy", "--yes")
    assert theirs.ask("GET", API).status_code == 404


@pytest.fixture
def store(theirs: Play, environment: None, version: str) -> Iterator[Store]:
    made = Store(f"pulumi-{version.replace('.', '-')}", HOSTNAME, "127.0.0.1")
    authority = ROOT / "stacks" / f"{made.stack}-ca.pem"
    settings = {
        "nexus.url": f"https://{HOSTNAME}:{theirs.port}",
        "nexus.kind": "stand-in",
        "nexus.caBundle": authority.name,
        "address": made.address,
        "blobStores.files.onDelete": "keep",
        "repositories.files.format": "raw",
        "repositories.files.type": "hosted",
        **{f"repositories.files.storage.{key}": value for key, value in STORAGE.items()},
    }
    authority.write_text((theirs.folder / "ca.pem").read_text())
    try:
        pairs = " ".join(f"{key}={value}" for key, value in settings.items())
        run(["make", "new-stack", f"NAME={made.stack}", f"SET={pairs}"])
        made.configure_secret("passwords.admin", ADMIN)
        yield made
    finally:
        made.make("down")
        made.forget()
        authority.unlink()


def test_the_first_week_with_store_and_the_pinned_pulumi_in_between(store: Store, theirs: Play) -> None:
    assert "files" in store.make("preview")
    store.make("up")
    assert UNCHANGED in store.make("preview")
    store.configure("repositories.files.storage.writePolicy", "DENY")
    assert "writePolicy" in store.make("preview")
    store.make("up")
    assert theirs.ask("GET", API).json()["storage"]["writePolicy"] == "DENY"
    by_hand(theirs)
    assert "online" in store.make("preview")
    store.make("up")
    assert theirs.ask("GET", API).json()["online"] is True
    with_pinned(store, "preview", UNCHANGED)
    store.configure("repositories.files.storage.writePolicy", "ALLOW")
    with_pinned(store, "up", "files")
    assert UNCHANGED in store.make("preview")
    store.make("down")
    assert theirs.ask("GET", API).status_code == 404


def with_pinned(store: Store, target: str, expected: str) -> None:
    pinned = ensure_built_pulumi()
    path = f"{pinned / 'bin'}{os.pathsep}{os.environ['PATH']}"
    assert expected in run(["make", target, f"STACK={store.stack}"], PATH=path, PULUMI_HOME=str(pinned / "home"))
