"""The plugin that Pulumi starts by its path in Pulumi.yaml."""

import subprocess
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from nexus import advice

ROOT = Path(__file__).parents[4]
LAUNCHER = ROOT / "nexus" / "plugin" / "pulumi-resource-pulumi-python"


class Started:
    """A plugin whose parent is a shell, with the engine's command among its arguments."""

    def __init__(self, command: str) -> None:
        self._process = subprocess.Popen(
            ["sh", "-c", '"$0"; exit $?', str(LAUNCHER), command],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout
        port = int(self._process.stdout.readline())
        self.calls: Any = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    def configure(self, **config: str) -> None:
        args = struct_pb2.Struct()
        args.update({f"repository-store:{key}": value for key, value in config.items()})
        self.calls.Configure(provider_pb2.ConfigureRequest(args=args), timeout=60)

    def end(self) -> str:
        """Closes its output as the end of the engine does; returns what it has printed to its errors."""
        assert self._process.stdout
        assert self._process.stderr
        assert self._process.poll() is None
        self._process.stdout.close()
        assert self._process.wait(60) == 1
        return self._process.stderr.read()


def test_the_plugin_serves_the_provider_and_ends_with_the_engine_although_its_parent_lives() -> None:
    plugin = Started("up")
    plugin.configure(initialPassword="first")
    with pytest.raises(grpc.RpcError) as refused:
        plugin.calls.Read(provider_pb2.ReadRequest(id="role x"), timeout=60)
    assert refused.value.details() == advice.NO_IMPORT
    with pytest.raises(grpc.RpcError) as unknown:
        plugin.calls.GetSchema(provider_pb2.GetSchemaRequest(), timeout=60)
    assert unknown.value.code() == grpc.StatusCode.UNIMPLEMENTED
    plugin.calls.Cancel(empty_pb2.Empty(), timeout=60)
    assert plugin.end() == ""


@pytest.mark.parametrize(("password", "shown"), [("first", advice.PROTECTED + "\n"), ("", "")])
def test_a_destroy_says_what_it_leaves_of_a_managed_server(password: str, shown: str) -> None:
    plugin = Started("destroy")
    plugin.configure(initialPassword=password)
    assert plugin.end() == shown
