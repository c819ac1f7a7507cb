from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

import pulumi
import pulumi_tls as tls
from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.certificates.serving import Serving
from components.naming import token
from stacks.tls_settings import SelfSigned

_HOURS_A_DAY = 24
_CURVE = "P256"


@dataclass(frozen=True)
class TlsKeyPairArgs:
    """The names and addresses that the certificate is for."""

    settings: SelfSigned
    hostname: str
    address: IPv4Address | IPv6Address | None = None


class TlsKeyPair(ComponentResource):
    """The stack's own certificate authority, and a leaf that it signs.

    Clients trust the authority, so a renewed leaf changes nothing for them.
    """

    def __init__(self, name: str, args: TlsKeyPairArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("TlsKeyPair"), name, None, opts)
        self._args = args
        self._within = ResourceOptions(parent=self)
        authorities = [self._authority(number) for number in args.settings.authorities]
        signing_key, signing = authorities[0]
        signing.validity_end_time.apply(lambda end: _warn_when_too_short(end, args.settings.validity_days))
        leaf_key = self._key("leaf-key")
        leaf = self._leaf(leaf_key, signing_key, signing)
        self.ca_certificate_pem: Output[str] = Output.concat(*(authority.cert_pem for _, authority in authorities))
        self.certificate_pem: Output[str] = Output.concat(leaf.cert_pem, signing.cert_pem)
        """The leaf and then the authority, as nginx wants a chain."""
        self.private_key_pem: Output[str] = Output.secret(leaf_key.private_key_pem_pkcs8)
        self.register_outputs({"ca_certificate_pem": self.ca_certificate_pem})

    def served(self, serving: Serving) -> Resource:
        return serving.nginx_loaded

    def _key(self, name: str) -> tls.PrivateKey:
        return tls.PrivateKey(name, algorithm="ECDSA", ecdsa_curve=_CURVE, opts=self._within)

    def _authority(self, number: int) -> tuple[tls.PrivateKey, tls.SelfSignedCert]:
        """The names of the first one have no number, since older states have only that one."""
        settings, suffix = self._args.settings, f" {number}" if number > 1 else ""
        name = "ca" + suffix.replace(" ", "-")
        key = self._key(f"{name}-key")
        return key, tls.SelfSignedCert(
            name,
            private_key_pem=key.private_key_pem,
            subject={"common_name": f"{self._args.hostname} CA{suffix}", "organization": settings.organization},
            is_ca_certificate=True,
            set_subject_key_id=True,
            allowed_uses=["cert_signing", "crl_signing"],
            validity_period_hours=settings.ca_validity_days * _HOURS_A_DAY,
            opts=self._within,
        )

    def _leaf(self, key: tls.PrivateKey, ca_key: tls.PrivateKey, ca: tls.SelfSignedCert) -> tls.LocallySignedCert:
        settings, address = self._args.settings, self._args.address
        request = tls.CertRequest(
            "leaf-request",
            private_key_pem=key.private_key_pem,
            subject={"common_name": self._args.hostname, "organization": settings.organization},
            dns_names=[self._args.hostname],
            ip_addresses=[str(address)] if address else [],
            opts=self._within,
        )
        return tls.LocallySignedCert(
            "leaf",
            cert_request_pem=request.cert_request_pem,
            ca_private_key_pem=ca_key.private_key_pem,
            ca_cert_pem=ca.cert_pem,
            set_subject_key_id=True,
            allowed_uses=["digital_signature", "server_auth"],
            validity_period_hours=settings.validity_days * _HOURS_A_DAY,
            early_renewal_hours=settings.renew_before_days * _HOURS_A_DAY,
            opts=self._within,
        )


def _warn_when_too_short(authority_ends: str, leaf_days: int) -> None:
    """The authority is never renewed automatically, since every client would need the new one."""
    end = datetime.fromisoformat(authority_ends)
    if end - datetime.now(UTC) < timedelta(days=leaf_days):
        pulumi.log.warn(
            f"the store's CA expires on {end:%Y-%m-%d}, before a leaf issued today would: "
            "create a new CA and distribute it to the clients (docs/certificates.md)"
        )
