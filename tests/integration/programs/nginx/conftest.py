from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.integration.programs.nginx.server import Echo, Nginx
from tests.unit.nginx.rendering import configuration

GUI, HOSTED, GROUP = 8081, 5000, 5001


@pytest.fixture(scope="session")
def certificate() -> tuple[str, str]:
    return make_certificate()


def make_certificate() -> tuple[str, str]:
    """A certificate for the store's name and loopback, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nexus.domain.org")])
    names = [
        x509.DNSName("nexus.domain.org"),
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.IPAddress(ip_address("::1")),
    ]
    now = datetime.now(UTC)
    leaf = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return leaf.public_bytes(pem).decode(), private.decode()


@pytest.fixture
def nexus() -> Iterator[dict[int, Echo]]:
    """Servers in place of Nexus's own port and its two docker connectors."""
    found = {port: Echo() for port in (GUI, HOSTED, GROUP)}
    yield found
    for echo in found.values():
        echo.stop()


@pytest.fixture
def serve(tmp_path: Path, nexus: dict[int, Echo], certificate: tuple[str, str]) -> Iterator[Callable[..., Nginx]]:
    """Starts nginx with settings of the stack file."""
    started: list[Nginx] = []

    def start(nginx: Mapping[str, Any] | None = None, **given: Any) -> Nginx:
        started.append(Nginx(tmp_path, configuration(nginx, **given).text, nexus, certificate))
        return started[-1]

    yield start
    for nginx in started:
        nginx.stop()
