"""After a kill during an upload, in read-only mode and with a full disk, no upload is partly visible, in any format."""

import base64
import hashlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conformance.contract.stand_in import Server, direct, running
from tests.conformance.stand_in.pair import create, password
from tests.support.ports import free_port
from tests.support.real_clients import dnf
from tests.support.real_clients.apt import package
from tests.support.real_clients.python import wheel
from tests.support.vanishing import files_below
from tests.support.versions import NEWEST

SIZE = 2_000_000
CONTENT = b"half" * (SIZE // 4)


@dataclass(frozen=True)
class Upload:
    """A request that stores a file, and the paths at which it would be visible."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    seen: tuple[str, ...]


def raw(_: Path) -> Upload:
    return Upload("PUT", "/repository/raw/big.bin", {}, CONTENT, ("/repository/raw/big.bin",))


def maven(_: Path) -> Upload:
    path = "/repository/maven/org/domain/big/1.0/big-1.0.zip"
    return Upload("PUT", path, {"Content-Type": "application/zip"}, b"PK\x05\x06" + CONTENT, (path,))


def yum(folder: Path) -> Upload:
    path = "/repository/yum/big-1.0.noarch.rpm"
    return Upload("PUT", path, {}, dnf.package("big", folder / "rpm").read_bytes(), (path,))


def npm(_: Path) -> Upload:
    tarball = "big-1.0.0.tgz"
    document = {
        "_id": "big",
        "name": "big",
        "dist-tags": {"latest": "1.0.0"},
        "versions": {
            "1.0.0": {"name": "big", "version": "1.0.0", "dist": {"shasum": hashlib.sha1(CONTENT).hexdigest()}}
        },
        "_attachments": {tarball: {"data": base64.b64encode(CONTENT).decode(), "length": len(CONTENT)}},
    }
    seen = ("/repository/npm/big", f"/repository/npm/big/-/{tarball}")
    return Upload("PUT", seen[0], {"Content-Type": "application/json"}, json.dumps(document).encode(), seen)


def form(parts: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    prepared = requests.Request("POST", "http://form.test/", files=parts).prepare()
    assert isinstance(prepared.body, bytes)
    return {"Content-Type": prepared.headers["Content-Type"]}, prepared.body


def pypi(folder: Path) -> Upload:
    file = wheel(folder, "big", padding=CONTENT)
    fields = {":action": "file_upload", "name": "big", "version": "1.0", "filetype": "bdist_wheel", "pyversion": "py3"}
    parts = {name: (None, value) for name, value in fields.items()}
    headers, body = form({**parts, "content": (file.name, file.read_bytes())})
    return Upload("POST", "/repository/pypi/", headers, body, (f"/repository/pypi/packages/big/1.0/{file.name}",))


def apt(folder: Path) -> Upload:
    file = package("big", folder)
    padded = file.read_bytes() + b"\n" * SIZE
    path = "/repository/apt/pool/b/big/big_1.0_all.deb"
    return Upload("POST", "/repository/apt/", {"Content-Type": "multipart/form-data"}, padded, (path,))


FORMATS: dict[str, Callable[[Path], Upload]] = {
    "raw": raw,
    "maven": maven,
    "yum": yum,
    "npm": npm,
    "pypi": pypi,
    "apt": apt,
}


@pytest.fixture(params=FORMATS)
def upload(request: pytest.FixtureRequest, tmp_path: Path) -> Upload:
    return FORMATS[request.param](tmp_path)


def fill(server: Server) -> None:
    for fmt in FORMATS:
        create(server, f"{fmt}/hosted", fmt, storage={"strictContentTypeValidation": False})
    create(server, "docker/hosted", "docker", docker={"pathEnabled": True})


def send(server: Server, upload: Upload) -> requests.Response:
    return server.admin(upload.method, upload.path, data=upload.body, headers=upload.headers)


def visible(server: Server) -> list[Any]:
    """The components and assets of all repositories."""
    found = []
    for name in (*FORMATS, "docker"):
        for what in ("components", "assets"):
            found += server.rest("GET", f"{what}?repository={name}").json()["items"]
    return found


def half_sent(server: Server, method: str, path: str, headers: dict[str, str], body: bytes) -> socket.socket:
    """A connection on which half of an upload was sent."""
    host, port = server.url.removeprefix("http://").split(":")
    login = base64.b64encode(f"admin:{password(server)}".encode()).decode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}", f"Authorization: Basic {login}"]
    lines += [f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
    connection = socket.create_connection((host, int(port)))
    connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body[: len(body) // 2])
    time.sleep(0.3)
    return connection


@pytest.fixture
def server_of_all(program: Path, tmp_path: Path) -> Iterator[Server]:
    with running(program, tmp_path / "all", NEWEST) as started:
        fill(started)
        yield started


def leftovers(server: Server) -> list[Path]:
    return [path for path in files_below(server.data / "blobs") if path.name.startswith("upload-")]


def test_a_kill_during_an_upload_leaves_nothing(server_of_all: Server, upload: Upload) -> None:
    with half_sent(server_of_all, upload.method, upload.path, upload.headers, upload.body):
        server_of_all.kill()
    server_of_all.start()
    assert visible(server_of_all) == []
    assert [server_of_all.admin("GET", path).status_code for path in upload.seen] == [404] * len(upload.seen)
    assert leftovers(server_of_all) == []


def begin_blob(server: Server) -> str:
    started = server.admin("POST", "/v2/docker/team/app/blobs/uploads/")
    assert started.status_code == 202, started.text
    location = started.headers["Location"]
    return "/" + location.split("/", 3)[3] if "://" in location else location


def test_a_kill_during_the_upload_of_a_layer_leaves_nothing(server_of_all: Server) -> None:
    digest = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
    path = begin_blob(server_of_all)
    with half_sent(server_of_all, "PATCH", path, {"Content-Type": "application/octet-stream"}, CONTENT):
        server_of_all.kill()
    server_of_all.start()
    assert visible(server_of_all) == []
    assert server_of_all.admin("HEAD", f"/v2/docker/team/app/blobs/{digest}").status_code == 404
    assert server_of_all.admin("GET", "/v2/docker/team/app/tags/list").status_code == 404


def rest_sent(connection: socket.socket, body: bytes) -> int:
    """Sends the other half of an upload and returns the status of the answer."""
    connection.settimeout(60)
    with suppress(OSError):  # the server has already answered and closed the connection
        connection.sendall(body[len(body) // 2 :])
    return int(connection.recv(4096).split()[1])


def fill_up(control: str) -> None:
    assert direct("POST", f"http://{control}/", json={"kind": "disk-full"}).status_code == 204


@pytest.fixture
def control() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def server_with_faults(program: Path, tmp_path: Path, control: str) -> Iterator[Server]:
    with running(program, tmp_path / "full", NEWEST, "--faults", control) as started:
        fill(started)
        yield started


def test_an_upload_to_a_full_disk_leaves_nothing(
    server_with_faults: Server, control: str, tmp_path: Path, upload: Upload
) -> None:
    server = server_with_faults
    fill_up(control)
    assert send(server, upload).status_code == 500
    assert server.admin("POST", "/v2/docker/team/app/blobs/uploads/").status_code == 500
    assert visible(server) == []
    assert [server.admin("GET", path).status_code for path in upload.seen] == [404] * len(upload.seen)
    assert server.rest("GET", "status/writable").status_code == 200
    direct("DELETE", f"http://{control}/")
    assert server.admin("POST", "/v2/docker/team/app/blobs/uploads/").status_code == 202
    assert send(server, raw(tmp_path)).status_code == 201


def test_an_upload_that_fills_the_disk_leaves_nothing(server_with_faults: Server, control: str, upload: Upload) -> None:
    server = server_with_faults
    with half_sent(server, upload.method, upload.path, upload.headers, upload.body) as connection:
        fill_up(control)
        assert rest_sent(connection, upload.body) == 500
    assert visible(server) == []
    assert [server.admin("GET", path).status_code for path in upload.seen] == [404] * len(upload.seen)
    assert leftovers(server) == []


def test_a_layer_that_fills_the_disk_leaves_nothing(server_with_faults: Server, control: str) -> None:
    server, digest = server_with_faults, "sha256:" + hashlib.sha256(CONTENT).hexdigest()
    path = begin_blob(server)
    with half_sent(server, "PATCH", path, {"Content-Type": "application/octet-stream"}, CONTENT) as connection:
        fill_up(control)
        assert rest_sent(connection, CONTENT) == 500
    assert server.admin("HEAD", f"/v2/docker/team/app/blobs/{digest}").status_code == 404
    direct("DELETE", f"http://{control}/")
    assert server.admin("PUT", f"{path}?digest={digest}").status_code >= 400
    assert server.admin("HEAD", f"/v2/docker/team/app/blobs/{digest}").status_code == 404
    assert visible(server) == []


def test_read_only_mode_refuses_uploads(program: Path, tmp_path: Path, upload: Upload) -> None:
    with running(program, tmp_path / "frozen", "3.90") as server:
        fill(server)
        assert server.rest("POST", "read-only/freeze").status_code == 204
        assert send(server, upload).status_code == 503
        assert server.admin("POST", "/v2/docker/team/app/blobs/uploads/").status_code == 503
        assert visible(server) == []
        assert server.rest("POST", "read-only/release").status_code == 204
        assert send(server, raw(tmp_path)).status_code == 201


def test_an_uninterrupted_upload_is_visible(server_of_all: Server, upload: Upload) -> None:
    """Proves that the other tests do not pass because of a wrong upload."""
    assert send(server_of_all, upload).ok
    assert [server_of_all.admin("GET", path).status_code for path in upload.seen] == [200] * len(upload.seen)
