"""The store's certificate, wherever it comes from."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from pulumi import Output

from components.certificates.provided_certificate import ProvidedCertificate
from components.certificates.temporary_certificate import TemporaryCertificate
from components.certificates.tls_key_pair import TlsKeyPair, TlsKeyPairArgs
from stacks.acme_settings import Acme
from stacks.tls_settings import Provided, TlsSettings


class TlsCertificate(Protocol):
    """What nginx serves with and what clients must trust."""

    certificate_pem: Output[str]
    """The leaf and then the authorities, as nginx wants a chain."""
    private_key_pem: Output[str]
    ca_certificate_pem: Output[str]
    """Empty when clients trust the certificate without being told."""


@dataclass(frozen=True)
class TlsCertificateArgs:
    """The names and addresses that the certificate is for."""

    settings: TlsSettings
    hostname: str
    address: IPv4Address | IPv6Address | None = None


def tls_certificate(name: str, args: TlsCertificateArgs) -> TlsCertificate:
    """The certificate that the stack file's `tls.mode` names."""
    if isinstance(args.settings, Provided):
        return ProvidedCertificate(args.settings)
    if isinstance(args.settings, Acme):
        return TemporaryCertificate(name, args.settings, args.hostname)
    return TlsKeyPair(name, TlsKeyPairArgs(args.settings, args.hostname, args.address))
