"""The store's certificate, by `tls.mode`: a class for each mode, and its case in `tls_certificate`."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol, assert_never

import pulumi
from pulumi import Output, Resource

from components.certificates.acme_client import AcmeClient, AcmeClientArgs
from components.certificates.serving import Serving
from components.certificates.temporary_certificate import TemporaryCertificate
from components.certificates.tls_key_pair import TlsKeyPair, TlsKeyPairArgs
from stacks.acme_settings import Acme
from stacks.layout import ACME
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


class ProvidedCertificate:
    """A certificate from the stack file, which is checked before the first component is created."""

    def __init__(self, settings: Provided) -> None:
        from stacks.rules.certificate_rules import expiry_warning  # only this mode pays for loading cryptography

        self.certificate_pem = Output.from_input(settings.certificate)
        self.private_key_pem: Output[str] = Output.secret(settings.private_key.get_secret_value())
        self.ca_certificate_pem = Output.from_input(settings.ca_certificate or "")
        warning = expiry_warning(settings.certificate, settings.renew_before_days)
        if warning:
            pulumi.log.warn(warning)

    def served(self, serving: Serving) -> Resource:
        return serving.nginx_loaded


class AcmeCertificate:
    """A certificate from an ACME directory. nginx starts with a temporary one, since it has to serve the challenge."""

    def __init__(self, name: str, settings: Acme, hostname: str) -> None:
        self._settings = settings
        self._hostname = hostname
        temporary = TemporaryCertificate(name, settings, hostname)
        self.certificate_pem: Output[str] = temporary.certificate_pem
        self.private_key_pem: Output[str] = temporary.private_key_pem
        self.ca_certificate_pem: Output[str] = temporary.ca_certificate_pem

    def served(self, serving: Serving) -> Resource:
        return AcmeClient(ACME, AcmeClientArgs(self._settings, self._hostname, serving), serving.opts).issued


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
