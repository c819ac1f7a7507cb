"""The store's CA in the forms that Debian and Java take."""

import warnings

import certifi
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore
from cryptography.x509 import Certificate, load_pem_x509_certificates

TRUST_STORE = "/etc/repository-store.p12"
"""Where mavenrc expects Java's trust store."""
NOT_SECRET = "changeit"
"""Java's usual password for what holds no key. Java reads no trust store without one."""


def debian_anchors(pem: str) -> dict[str, str]:
    """A file for each certificate: of two in one, the second gets no hash link and does not reach Java's key store."""
    certificates = load_pem_x509_certificates(pem.encode())
    names = ("repository-store.crt", *(f"repository-store+{number}.crt" for number in range(2, len(certificates) + 1)))
    found = [certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates]
    return dict(zip(names, found, strict=True))


def java_trust_store(pem: str) -> bytes:
    """A trust store with the CA and the public ones: Java has one trust store, so this replaces its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old public CA has the serial number 0
        certificates = load_pem_x509_certificates(pem.encode() + certifi.contents().encode())
    entries = {entry.friendly_name: entry for entry in map(_entry, certificates)}
    return serialize_java_truststore(list(entries.values()), BestAvailableEncryption(NOT_SECRET.encode()))


def _entry(certificate: Certificate) -> PKCS12Certificate:
    return PKCS12Certificate(certificate, certificate.fingerprint(SHA256()).hex().encode())
