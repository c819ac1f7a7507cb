"""The store's certificate, by `tls.mode`."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol, assert_never

from pulumi import Output, Resource

from components.certificates.acme_certificate import AcmeCertificate
from components.certificates.provided_certificate import ProvidedCertificate
from components.certificates.serving import Serving
from components.certificates.tls_key_pair import TlsKeyPair, TlsKeyPairArgs
from stacks.acme_settings import Acme
from stacks.tls_settings import Provided, SelfSigned, TlsSettings


class TlsCertificate(Protocol):
    """The certificate that nginx serves, and the CA that clients must trust."""

    certificate_pem: Output[str]
    """The leaf and then the authorities, as nginx wants a chain."""
    private_key_pem: Output[str]
    ca_certificate_pem: Output[str]
    """Empty if clients trust the certificate already."""

    def served(self, serving: Serving) -> Resource:
        """Done when nginx serves the certificate that clients trust."""


@dataclass(frozen=True)
class TlsCertificateArgs:
    """The names and addresses that the certificate is for."""

    settings: TlsSettings
    hostname: str
    address: IPv4Address | IPv6Address | None = None


def tls_certificate(name: str, args: TlsCertificateArgs) -> TlsCertificate:
    """The certificate that the stack file's `tls.mode` names."""
    match args.settings:
        case SelfSigned() as settings:
            return TlsKeyPair(name, TlsKeyPairArgs(settings, args.hostname, args.address))
        case Provided() as settings:
            return ProvidedCertificate(settings)
        case Acme() as settings:
            return AcmeCertificate(name, settings, args.hostname)
    assert_never(args.settings)
