"""What is wrong with ACME settings that are each well-formed and do not go together."""

from collections.abc import Iterator

from nexus.problem import Problem
from stacks.acme_settings import DIRECTORIES, STAGING, Acme, Challenge
from stacks.pem import are_authorities

_LETS_ENCRYPT_DAYS = 90
_ROOTS = "tls.caBundle"

_GIVE_ROOTS = f"pulumi config set --path {_ROOTS} < roots.pem"


def problems(given: Acme) -> list[Problem]:
    return [*_challenge(given), *_roots(given), *_renewal(given)]


def _renewal(given: Acme) -> Iterator[Problem]:
    """A certificate that is renewed at every check would hit the CA's rate limits."""
    days = given.renew_before_days
    if given.directory in DIRECTORIES and days and days >= _LETS_ENCRYPT_DAYS:
        key = "tls.renewBeforeDays"
        allowed = f"less than {_LETS_ENCRYPT_DAYS}, the days for which Let's Encrypt's certificates are valid"
        yield Problem(
            key, "invalid value", allowed, f"pulumi config rm --path {key}, which leaves it to lego", got=str(days)
        )


def _challenge(given: Acme) -> Iterator[Problem]:
    if given.challenge == Challenge.DNS and given.dns_provider is None:
        allowed = "a DNS provider as lego calls it, like cloudflare"
        yield Problem(
            "tls.dnsProvider",
            f"missing, and tls.challenge {Challenge.DNS.value} needs it",
            allowed,
            "pulumi config set --path tls.dnsProvider PROVIDER",
        )
    if given.challenge == Challenge.HTTP and (given.dns_provider or given.dns_environment):
        key = "tls.dnsProvider" if given.dns_provider else "tls.dnsEnvironment"
        yield Problem(
            key,
            f"has no effect with tls.challenge {Challenge.HTTP.value}",
            f"{key} with tls.challenge {Challenge.DNS.value}",
            f"pulumi config set --path tls.challenge {Challenge.DNS.value}",
        )


def _roots(given: Acme) -> Iterator[Problem]:
    if given.ca_bundle is None:
        if given.directory == STAGING:
            found = "missing, and no client knows the roots of Let's Encrypt's staging environment"
            yield Problem(_ROOTS, found, "its roots in PEM (docs/certificates.md says where they are)", _GIVE_ROOTS)
    elif not are_authorities(given.ca_bundle):
        yield Problem(_ROOTS, "no certificate can be read from it", "CA certificates in PEM", _GIVE_ROOTS)
