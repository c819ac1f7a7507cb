import pulumi_tls as tls
from pulumi import ComponentResource, Output, ResourceOptions

from components.naming import token
from stacks.acme_settings import Acme

_HOURS = 10 * 365 * 24


class TemporaryCertificate(ComponentResource):
    """What nginx serves until the ACME directory has issued a certificate. No client trusts it."""

    def __init__(self, name: str, settings: Acme, hostname: str, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("TemporaryCertificate"), name, None, opts)
        within = ResourceOptions(parent=self)
        key = tls.PrivateKey("temporary-key", algorithm="ECDSA", ecdsa_curve="P256", opts=within)
        certificate = tls.SelfSignedCert(
            "temporary-certificate",
            private_key_pem=key.private_key_pem,
            # Clients show this when they refuse it.
            subject={"common_name": hostname, "organization": "temporary: no certificate of the ACME directory yet"},
            dns_names=[hostname],
            allowed_uses=["digital_signature", "server_auth"],
            validity_period_hours=_HOURS,
            opts=within,
        )
        self.certificate_pem: Output[str] = certificate.cert_pem
        self.private_key_pem: Output[str] = Output.secret(key.private_key_pem_pkcs8)
        self.ca_certificate_pem: Output[str] = Output.from_input(settings.ca_bundle or "")
        self.register_outputs({"ca_certificate_pem": self.ca_certificate_pem})
