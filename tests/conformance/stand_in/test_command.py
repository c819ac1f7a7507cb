"""The command that runs the stand-in on its own, as `make stand-in` does."""

import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conformance.contract.stand_in import direct
from tests.support.ports import free_port
from tests.support.real_clients.running import ROOT
from tests.support.versions import NEWEST, NEWEST_RELEASE

COMMAND = (ROOT / "store", "stand-in")


@pytest.fixture(autouse=True)
def interrupted_as_at_a_terminal() -> Iterator[None]:
    """Restores SIGINT, which processes of tests in the background would ignore."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.parametrize(("generation", "version"), [("3.77", "3.77.0-08"), (NEWEST, f"{NEWEST_RELEASE}-01")])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_a_signal_and_keeps_its_data(
    tmp_path: Path, generation: str, version: str, stop: signal.Signals
) -> None:
    port, data = free_port(), tmp_path / "data"
    address = f"http://127.0.0.1:{port}"
    for first in (True, False):
        with subprocess.Popen(
            [*COMMAND, "--port", str(port), "--data", data, "--generation", generation],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            ready = process.stdout.readline()
            assert address in ready
            admin = ("admin", (data / "admin.password").read_text())
            answer = direct("GET", f"{address}/service/rest/v1/security/content-selectors", auth=admin)
            assert version in answer.headers["Server"]
            assert answer.json() == [] if first else [one["name"] for one in answer.json()] == ["kept"]
            if first:
                selector = {"name": "kept", "expression": 'format == "raw"'}
                direct("POST", f"{address}/service/rest/v1/security/content-selectors", auth=admin, json=selector)
            process.send_signal(stop)
            assert process.wait(20) == 0
            assert process.stdout.read() == "", "one line and no more"
        with pytest.raises(requests.ConnectionError):
            direct("GET", address)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "PORT: not a port (got '';"),
        (["--port", "eighty", "--data", "x"], "PORT: not a port (got 'eighty';"),
        (["--port", "70000", "--data", "x"], "a number from 1 to 65535"),
        (["--port", "8081"], "DATA: is missing"),
    ],
)
def test_wrong_arguments_are_refused(words: list[str], complaint: str, tmp_path: Path) -> None:
    finished = subprocess.run([*COMMAND, *words], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert finished.returncode == 1
    assert complaint in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_generation_is_refused(tmp_path: Path) -> None:
    words = ["--port", str(free_port()), "--data", f"{tmp_path}/data", "--generation", "2.15"]
    finished = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert f"use one of [{NEWEST} 3.90 3.80 3.78 3.77]" in finished.stderr


def test_it_has_the_given_edition_formats_and_options(tmp_path: Path) -> None:
    port = free_port()
    settings = ["EDITION=PRO", "FORMATS=maven2,docker", "SCRIPTS=1", "UNREACHED_BLOB_STORES=1", "GENERATION=3.90"]
    make = ["make", "--dry-run", "stand-in", f"PORT={port}", f"DATA={tmp_path}/data", *settings]
    command = shlex.split(
        subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout.replace("\\\n", " ")
    )
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        api = f"http://127.0.0.1:{port}/service/rest/v1"
        admin = ("admin", (tmp_path / "data" / "admin.password").read_text())
        bucket = {"bucket": {"region": "r", "name": "b", "expiration": 1}, "bucketSecurity": {"accessKeyId": "i"}}
        script = {"name": "hello", "type": "groovy", "content": "1"}
        statuses = [
            direct("GET", f"{api}/cleanup-policies", auth=admin).status_code,
            direct("GET", f"{api}/repositories/npm/hosted/x", auth=admin).status_code,
            direct("POST", f"{api}/script", auth=admin, json=script).status_code,
            direct(
                "POST", f"{api}/blobstores/s3", auth=admin, json={"name": "far", "bucketConfiguration": bucket}
            ).status_code,
        ]
        realms = {one["id"] for one in direct("GET", f"{api}/security/realms/available", auth=admin).json()}
        server = direct("GET", f"{api}/status").headers["Server"]
        process.send_signal(signal.SIGINT)
        process.wait(20)
    assert statuses == [200, 404, 204, 201]
    assert ("DockerToken" in realms, "NpmToken" in realms, "LdapRealm" in realms) == (True, False, True)
    assert server == "Nexus/3.90.3-01 (PRO)"


@pytest.mark.parametrize(
    ("formats", "complaint"), [("maven2,cheese", '"cheese" is not known'), ("raw", "maven2 is missing")]
)
def test_unsupported_formats_are_refused(tmp_path: Path, formats: str, complaint: str) -> None:
    words = ["--port", str(free_port()), "--data", f"{tmp_path}/data", "--formats", formats]
    finished = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert complaint in finished.stderr
