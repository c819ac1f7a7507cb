"""The program and the provider that Pulumi attaches to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from cli.runtime import messages
from cli.runtime.attached import attached
from cli.runtime.servicer import Servicer

SECRET = {rpc._special_sig_key: rpc._special_secret_sig, "value": "hidden"}
SAMPLES: list[dict[str, Any]] = [
    {},
    {"text": "", "number": 1.5, "whole": 2.0, "yes": True, "nothing": None},
    {"body": {"names": ["a", None, {"b": []}], "nothing": None, "deep": {"er": {}}}},
    {"unknown": rpc.UNKNOWN, "body": {"of": [rpc.UNKNOWN]}},
    {"secret": SECRET},
]


def struct(content: dict[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(content)
    return made


@pytest.mark.parametrize("keep_unknowns", [True, False])
@pytest.mark.parametrize("content", SAMPLES)
def test_properties_are_read_as_the_sdk_reads_them(content: dict[str, Any], keep_unknowns: bool) -> None:
    found = messages.values(struct(content), keep_unknowns=keep_unknowns)
    assert comparable(found) == comparable(rpc.deserialize_properties(struct(content), keep_unknowns))


def comparable(value: Any) -> Any:
    """Makes unknown values comparable."""
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return "unknown" if isinstance(value, Unknown) else value


@pytest.mark.parametrize("content", SAMPLES)
def test_properties_are_written_as_the_sdk_writes_them(content: dict[str, Any]) -> None:
    given = messages.values(struct(content), keep_unknowns=True)
    assert messages.message(given) == messages._result(rpc.serialize_properties(given, {}))


def test_each_connection_of_the_engine_has_its_own_configured_provider() -> None:
    servicer = Servicer()
    first, second, unconfigured = (context(f"ipv4:127.0.0.1:{port}") for port in (1, 2, 3))
    for connection, password in ((first, "old"), (second, "new")):
        request = provider_pb2.ConfigureRequest(args=struct({"repository-store:initialPassword": password}))
        servicer.Configure(request.SerializeToString(), connection)
    assert servicer.provider(first) is not servicer.provider(second)
    assert servicer.provider(first) is servicer.provider(first)
    assert servicer.provider(unconfigured) is servicer.provider(second)  # like after a lost connection


def context(peer: str) -> grpc.ServicerContext:
    return cast(grpc.ServicerContext, SimpleNamespace(peer=lambda: peer))


PROGRAM = "from nexus.sdk import without_garbage_collection\n"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "__main__.py"
    path.write_text(PROGRAM)
    return path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def processes(group: int) -> set[int]:
    """The running processes of a process group."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            found.add(int(stat.parent.name))
    return found


def wait_until_none_is_left(group: int) -> None:
    """Waits until the kernel has removed the killed processes."""
    until = time.monotonic() + 30
    while processes(group):
        assert time.monotonic() < until, f"still running: {processes(group)}"
        time.sleep(0.01)


def test_no_process_is_left_after_a_run(program: Path) -> None:
    with attached(environment(), program=program) as python:
        (address,) = python.arguments[1:]
        port = python.environment["PULUMI_DEBUG_PROVIDERS"].removeprefix("pulumi-python:")
        assert address.removeprefix("127.0.0.1:") != port
        (group,) = {os.getpgid(child) for child in children()}
        assert len(processes(group)) == 3
    wait_until_none_is_left(group)


def children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


RUN = """
import os, subprocess, sys
from pathlib import Path
from cli.runtime.attached import attached
with attached(os.environ, program=Path(sys.argv[1])) as python:
    pulumi = subprocess.Popen(["sleep", "600"])
    python.end_with(pulumi.pid)
    print(pulumi.pid, *Path(f"/proc/self/task/{os.getpid()}/children").read_text().split(), flush=True)
    pulumi.wait()
"""


def test_after_a_killed_command_it_runs_until_pulumi_ends(program: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-c", RUN, str(program)], env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert command.stdout is not None
    pulumi, *started = map(int, command.stdout.readline().split())
    (group,) = set(started) - {pulumi}
    command.kill()
    command.wait()
    command.stdout.close()
    assert len(processes(group)) == 3
    os.kill(pulumi, signal.SIGKILL)
    wait_until_none_is_left(group)


def test_pulumi_starts_its_own_processes_if_ours_cannot_start() -> None:
    with attached({**environment(), "PYTHONHOME": "/nowhere"}) as python:
        assert (python.arguments, python.environment) == ((), {})
