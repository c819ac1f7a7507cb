from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator

from nexus.problem import Problem
from stacks.acme_settings import Acme
from stacks.names import Days
from stacks.pem import Pem, SecretPem
from stacks.tls_mode import TlsMode


class SelfSigned(TlsMode):
    """A CA of the stack's own, made with pulumi-tls, and a leaf that it signs.

    An ordinary `up` renews the leaf during its last `renewBeforeDays`; the CA stays, so clients keep their trust.
    """

    mode: Literal["selfSigned"] = "selfSigned"
    organization: str = "repository-store"
    ca_validity_days: Days = 3650
    # Apple's clients refuse a leaf that is valid for more than 825 days, browsers for more than 398.
    validity_days: Annotated[Days, Field(le=397, validate_default=True)] = 365
    renew_before_days: Annotated[Days, Field(validate_default=True)] = 30
    authorities: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1, max_length=2)] = (1,)
    """The numbers of the CAs that clients are given; the first one signs. With two, clients trust the next CA before it
    signs, and the previous one until it is removed."""

    @field_validator("authorities")
    @classmethod
    def _two_of_them(cls, authorities: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(authorities)) < len(authorities):
            raise ValueError("two different numbers")
        return authorities

    @field_validator("validity_days")
    @classmethod
    def _within_the_authority(cls, days: int, info: ValidationInfo) -> int:
        authority = info.data.get("ca_validity_days", days)
        if days > authority:
            raise ValueError(f"at most {authority}, the caValidityDays: the leaf must not outlive the CA")
        return days

    @field_validator("renew_before_days")
    @classmethod
    def _after_it_was_made(cls, days: int, info: ValidationInfo) -> int:
        valid = info.data.get("validity_days", days + 1)
        if days >= valid:
            raise ValueError(f"less than {valid}, the validityDays: otherwise each `up` would renew the leaf")
        return days

    @property
    def publicly_trusted(self) -> bool:
        return False

    def problems(self, hostname: str) -> list[Problem]:
        return []


class Provided(TlsMode):
    """A certificate that is issued and renewed elsewhere; `up` warns during its last `renewBeforeDays`."""

    mode: Literal["provided"]
    certificate: Pem
    """The leaf, then each CA that signed the one before; the root may be left out."""
    private_key: SecretPem
    ca_certificate: Pem | None = None
    """The roots of a private CA, which clients must be given; None means the public ones."""
    renew_before_days: Days = 30

    @property
    def publicly_trusted(self) -> bool:
        return self.ca_certificate is None

    def problems(self, hostname: str) -> list[Problem]:
        from stacks.rules import certificate_rules  # slow: loads cryptography

        return certificate_rules.problems(hostname, self.certificate, self.private_key, self.ca_certificate)


def _mode(given: Any) -> Any:
    if isinstance(given, Mapping):
        return given.get("mode", "selfSigned")
    return getattr(given, "mode", "selfSigned")


TlsSettings = Annotated[
    Annotated[SelfSigned, Tag("selfSigned")] | Annotated[Provided, Tag("provided")] | Annotated[Acme, Tag("acme")],
    Discriminator(_mode),
]
"""Where the store's certificate comes from."""
