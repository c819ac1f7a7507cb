import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from nexus.problem import Problem
from stacks.layout import ACME_MEMORY_MIB, ISSUE_SECONDS, STORE_FOLDER
from stacks.names import Days, Email, Image, Seconds
from stacks.pem import Pem, are_authorities
from stacks.tls_mode import TlsMode
from stacks.value import Value

STAGING = "letsencrypt-staging"
DIRECTORIES = {
    "letsencrypt": "https://acme-v02.api.letsencrypt.org/directory",
    STAGING: "https://acme-staging-v02.api.letsencrypt.org/directory",
}
"""ACME directories that a stack file may give by name instead of by URL."""
_LETS_ENCRYPT_DAYS = 90
_ROOTS = "tls.caBundle"
_GIVE_ROOTS = f"pulumi config set --path {_ROOTS} < roots.pem"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def _directory(text: str) -> str:
    if text not in DIRECTORIES and not re.fullmatch(r"https://[^\s/]+(/\S*)?", text):
        raise ValueError(f"{', '.join(DIRECTORIES)} or the https:// URL of an ACME directory")
    return text


def _variable(text: str) -> str:
    if not _VARIABLE.fullmatch(text):
        raise ValueError("the name of an environment variable, like CF_DNS_API_TOKEN")
    return text


def _provider(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", text):
        raise ValueError("a DNS provider as lego calls it (`lego dnshelp` lists them), like cloudflare")
    return text


def _hmac(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", secret.get_secret_value()):
        raise ValueError("the HMAC key that the CA issued, in base64url without padding")
    return secret


class Challenge(StrEnum):
    """How the directory verifies that the host name belongs to the store."""

    HTTP = "http-01"
    """By a request to nginx on port 80."""
    DNS = "dns-01"
    """By a DNS record that lego sets: for a store that the directory cannot reach."""


class ExternalAccount(Value):
    """The external account at the CA, for directories that require one (RFC 8555, 7.3.4)."""

    kid: Annotated[str, Field(min_length=1)]
    hmac: Annotated[SecretStr, AfterValidator(_hmac)]


class Acme(TlsMode):
    """A certificate of Let's Encrypt or another ACME directory, obtained and renewed by lego beside nginx."""

    mode: Literal["acme"]
    directory: Annotated[str, AfterValidator(_directory)] = "letsencrypt"
    email: Email
    challenge: Challenge = Challenge.HTTP
    dns_provider: Annotated[str, AfterValidator(_provider)] | None = None
    dns_environment: Mapping[Annotated[str, AfterValidator(_variable)], SecretStr] = Field(default_factory=dict)
    """Environment variables that lego needs for that provider, like an API token."""
    eab: ExternalAccount | None = None
    ca_bundle: Pem | None = None
    """The roots of a private directory and its certificates, which clients must be given; None means public roots."""
    image: Image = "goacme/lego:v5.6.0"
    renew_before_days: Days | None = None
    """None renews when the directory says so, or in the last third of the certificate's life."""
    check_every_seconds: Annotated[Seconds, Field(ge=5)] = 12 * 60 * 60
    issue_timeout_seconds: Seconds = ISSUE_SECONDS
    """How long `up` waits for the certificate."""

    @property
    def directory_url(self) -> str:
        return DIRECTORIES.get(self.directory, self.directory)

    @property
    def publicly_trusted(self) -> bool:
        return self.ca_bundle is None

    def problems(self, hostname: str) -> list[Problem]:
        """Settings that are each valid but contradict one another."""
        return [*self._challenge(), *self._roots(), *self._renewal()]

    @property
    def containers(self) -> Mapping[str, int]:
        return {"the ACME client": ACME_MEMORY_MIB}

    @property
    def images(self) -> Mapping[str, str]:
        return {"tls.image": self.image}

    def renewed_in(self, hostname: str) -> str:
        """The folder into which lego writes the certificate that nginx serves for the host name."""
        return f"{STORE_FOLDER}/acme/{hostname}"

    def _renewal(self) -> Iterator[Problem]:
        """A certificate that is renewed at every check would hit the CA's rate limits."""
        days = self.renew_before_days
        if self.directory in DIRECTORIES and days and days >= _LETS_ENCRYPT_DAYS:
            key = "tls.renewBeforeDays"
            allowed = f"less than {_LETS_ENCRYPT_DAYS}, the days for which Let's Encrypt's certificates are valid"
            yield Problem(
                key, "invalid value", allowed, f"pulumi config rm --path {key}, and lego decides", got=str(days)
            )

    def _challenge(self) -> Iterator[Problem]:
        if self.challenge == Challenge.DNS and self.dns_provider is None:
            allowed = "a DNS provider as lego calls it, like cloudflare"
            yield Problem(
                "tls.dnsProvider",
                f"missing, and tls.challenge {Challenge.DNS.value} needs it",
                allowed,
                "pulumi config set --path tls.dnsProvider PROVIDER",
            )
        if self.challenge == Challenge.HTTP and (self.dns_provider or self.dns_environment):
            key = "tls.dnsProvider" if self.dns_provider else "tls.dnsEnvironment"
            yield Problem(
                key,
                f"has no effect with tls.challenge {Challenge.HTTP.value}",
                f"{key} with tls.challenge {Challenge.DNS.value}",
                f"pulumi config set --path tls.challenge {Challenge.DNS.value}",
            )

    def _roots(self) -> Iterator[Problem]:
        if self.ca_bundle is None:
            if self.directory == STAGING:
                found = "missing, and no client trusts the roots of Let's Encrypt's staging environment"
                yield Problem(_ROOTS, found, "its roots in PEM (docs/certificates.md says where they are)", _GIVE_ROOTS)
        elif not are_authorities(self.ca_bundle):
            yield Problem(_ROOTS, "no certificate can be read from it", "CA certificates in PEM", _GIVE_ROOTS)
