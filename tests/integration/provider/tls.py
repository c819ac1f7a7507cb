"""A TLS proxy for a plain server, with a certificate of a test CA; it records every request."""

import asyncio
import datetime
import ipaddress
import re
import ssl
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTNAME = "nexus.provider.test"
_REQUEST = re.compile(rb"^(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP/1\.1\r\n")


_DAY = datetime.timedelta(days=1)


def make_certificate(folder: Path, *, until: datetime.timedelta = 2 * _DAY) -> None:
    """Writes ca.pem, and leaf.pem with its key; the leaf's validity ends that long from now."""
    ca_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Provider test CA")])
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, x509.BasicConstraints(ca=True, path_length=0))
    leaf = _certificate(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTNAME)]),
        ca_name,
        leaf_key,
        ca_key,
        x509.SubjectAlternativeName([x509.DNSName(HOSTNAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
        until,
    )
    key = leaf_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + key)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
    until: datetime.timedelta = 2 * _DAY,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * _DAY)
        .not_valid_after(now + until)
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(signer, hashes.SHA256())
    )


class Terminator:
    """Opens a connection to the server for each incoming one."""

    def __init__(self, upstream_port: int, requests: Path) -> None:
        self._upstream_port = upstream_port
        self._requests = requests.open("a", buffering=1)

    async def serve(self, port: int, chain: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        server = await asyncio.start_server(self._connected, "127.0.0.1", port, ssl=context)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._pipe(reader, upstream_writer, record=True), self._pipe(upstream_reader, writer, record=False)
        )

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: bool) -> None:
        try:
            while data := await reader.read(65536):
                if record and (found := _REQUEST.match(data)):
                    self._requests.write(f"{found[1].decode()} {found[2].decode()}\n")
                writer.write(data)
                await writer.drain()
        except (OSError, ssl.SSLError):
            pass
        finally:
            writer.close()


if __name__ == "__main__":
    folder, port, upstream = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    asyncio.run(Terminator(upstream, folder / "requests").serve(port, folder / "leaf.pem"))
