"""Certificates for tests: valid in everything but what a test sets."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 6, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
_SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, which can sign others."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass(frozen=True)
class Request:
    """A request for a certificate; without DNS names it is for a CA."""

    name: str
    dns_names: tuple[str, ...] = ()
    begin: datetime = NOW - timedelta(days=1)
    end: datetime = NOW + YEAR
    key: ec.EllipticCurvePrivateKey = field(default_factory=key)

    def issued_by(self, issuer: Issued | None) -> Issued:
        """Signed by the issuer, or by itself."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.begin)
            .not_valid_after(self.end)
            .add_extension(x509.BasicConstraints(ca=not self.dns_names, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer or self).key.public_key()), critical=False
            )
        )
        if not self.dns_names:
            builder = builder.add_extension(_SIGNS, critical=True)
        if self.dns_names:
            names = x509.SubjectAlternativeName([x509.DNSName(name) for name in self.dns_names])
            builder = builder.add_extension(names, critical=False)
        return Issued(builder.sign(issuer.key if issuer else self.key, hashes.SHA256()), self.key)


def encrypt(server: HTTPServer, folder: Path) -> tuple[str, Path]:
    """Has the server speak TLS; returns its URL, and a file with the CA of its certificate."""
    ca = Request("CA of a test", ()).issued_by(None)
    leaf = Request("localhost", ("localhost",)).issued_by(ca)
    (folder / "server.pem").write_text(leaf.pem + leaf.key_pem)
    (folder / "ca.pem").write_text(ca.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return f"https://localhost:{server.server_port}", folder / "ca.pem"
