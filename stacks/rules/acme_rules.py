"""What is wrong with ACME settings that are each well-formed and do not go together."""

from collections.abc import Iterator

from stacks.acme_settings import STAGING, Acme, Challenge
from stacks.pem import are_authorities
from stacks.rules.problem import Problem

_ROOTS = "tls.caBundle"
_GIVE_ROOTS = f"pulumi config set --path {_ROOTS} < roots.pem"


def problems(given: Acme) -> list[Problem]:
    return [*_challenge(given), *_roots(given)]


def _challenge(given: Acme) -> Iterator[Problem]:
    if given.challenge == Challenge.DNS and given.dns_provider is None:
        allowed = "a DNS provider as lego calls it, like cloudflare"
        yield Problem(
            "tls.dnsProvider",
            f"the key is missing, and tls.challenge is {Challenge.DNS.value}",
            allowed,
            "pulumi config set --path tls.dnsProvider PROVIDER",
        )
    if given.challenge == Challenge.HTTP and (given.dns_provider or given.dns_environment):
        key = "tls.dnsProvider" if given.dns_provider else "tls.dnsEnvironment"
        yield Problem(
            key,
            f"it was given, and tls.challenge is {Challenge.HTTP.value}, which asks no DNS provider",
            f"{key} with tls.challenge {Challenge.DNS.value}",
            f"pulumi config set --path tls.challenge {Challenge.DNS.value}",
        )


def _roots(given: Acme) -> Iterator[Problem]:
    if given.ca_bundle is None:
        if given.directory == STAGING:
            found = "the key is missing, and no client knows the roots of Let's Encrypt's staging environment"
            yield Problem(_ROOTS, found, "its roots in PEM (docs/certificates.md says where they are)", _GIVE_ROOTS)
    elif not are_authorities(given.ca_bundle):
        yield Problem(_ROOTS, "no certificate can be read from it", "CA certificates in PEM", _GIVE_ROOTS)
