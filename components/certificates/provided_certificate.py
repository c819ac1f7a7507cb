import pulumi
from pulumi import Output, Resource

from components.certificates.serving import Serving
from stacks.tls_settings import Provided


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
