from pulumi import Output, Resource

from components.certificates.acme_client import AcmeClient, AcmeClientArgs
from components.certificates.serving import Serving
from components.certificates.temporary_certificate import TemporaryCertificate
from stacks.acme_settings import Acme
from stacks.layout import ACME


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
