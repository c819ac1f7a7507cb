import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from nexus.problem import Problem
from stacks.layout import ACME_MEMORY_MIB, ISSUE_SECONDS, STORE_FOLDER
from stacks.names import Days, Email, Image, Seconds
from stacks.pem import Pem
from stacks.tls_mode import TlsMode
from stacks.value import Value

STAGING = "letsencrypt-staging"
DIRECTORIES = {
    "letsencrypt": "https://acme-v02.api.letsencrypt.org/directory",
    STAGING: "https://acme-staging-v02.api.letsencrypt.org/directory",
}
"""The directories that have a name of their own."""
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
        raise ValueError("the key that the directory gave, in base64url without padding")
    return secret


class Challenge(StrEnum):
    """How the directory is shown that the name is the store's."""

    HTTP = "http-01"
    """It asks nginx at port 80."""
    DNS = "dns-01"
    """It asks DNS, where lego sets a record: for a store that the directory cannot reach."""


class ExternalAccount(Value):
    """The account at the CA to which the ACME account is bound, where the directory wants that (RFC 8555, 7.3.4)."""

    kid: Annotated[str, Field(min_length=1)]
    hmac: Annotated[SecretStr, AfterValidator(_hmac)]


class Acme(TlsMode):
    """A certificate of Let's Encrypt or another ACME directory, which lego fetches and renews beside nginx."""

    mode: Literal["acme"]
    directory: Annotated[str, AfterValidator(_directory)] = "letsencrypt"
    email: Email
    challenge: Challenge = Challenge.HTTP
    dns_provider: Annotated[str, AfterValidator(_provider)] | None = None
    dns_environment: Mapping[Annotated[str, AfterValidator(_variable)], SecretStr] = Field(default_factory=dict)
    """What lego wants to know of that provider, like an API token."""
    eab: ExternalAccount | None = None
    ca_bundle: Pem | None = None
    """The roots of a private directory and of what it issues, which clients must be given; None means public ones."""
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
        from stacks.rules import acme_rules  # which judge this very model

        return acme_rules.problems(self)

    @property
    def containers(self) -> Mapping[str, int]:
        return {"the ACME client": ACME_MEMORY_MIB}

    def renewed_in(self, hostname: str) -> str:
        """Where lego puts what nginx serves for the name."""
        return f"{STORE_FOLDER}/acme/{hostname}"
