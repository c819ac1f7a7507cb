"""The Pulumi CLI that lab/toolchain builds leaves nothing out that a stack uses."""

from pathlib import Path

import pytest

DRIVERS = ("blob/s3blob", "blob/gcsblob", "blob/azureblob", "blob/fileblob")
KEY_SERVICES = ("secrets/awskms", "secrets/gcpkms", "secrets/azurekeyvault", "secrets/hashivault")


@pytest.fixture(scope="module")
def program(toolchain: Path) -> bytes:
    return (toolchain / "bin" / "pulumi").read_bytes()


def test_it_is_built_without_xds_which_only_gs_over_grpc_would_need(program: bytes) -> None:
    assert b"github.com/envoyproxy/go-control-plane/envoy" not in program


@pytest.mark.parametrize("name", [*DRIVERS, *KEY_SERVICES])
def test_it_has_every_backend_and_key_service_of_the_published_one(program: bytes, name: str) -> None:
    assert f"gocloud.dev/{name}.".encode() in program
