"""The configuration of lego as environment variables; it has one for each of its options."""

import hashlib
from collections.abc import Mapping

from stacks.acme_settings import Acme, Challenge
from stacks.layout import ACME_DATA_FOLDER

_HOUR = 60 * 60


def lego_environment(settings: Acme, hostname: str) -> Mapping[str, str]:
    """The variables of lego and renew.sh, including those that the stack file sets for the DNS provider."""
    published = settings.renewed_in(hostname)
    return {
        **{name: secret.get_secret_value() for name, secret in settings.dns_environment.items()},
        **_challenge(settings, published),
        **_account(settings),
        **({"LEGO_RENEW_DAYS": str(settings.renew_before_days)} if settings.renew_before_days else {}),
        **_roots(settings),
        "LEGO_DOMAINS": hostname,
        "LEGO_PATH": f"{ACME_DATA_FOLDER}/lego/{_folder(settings, hostname)}",
        "LEGO_KEY_TYPE": "EC256",
        "LEGO_REUSE_KEY": "true",
        "LEGO_NO_RANDOM_SLEEP": "true",
        "LEGO_LOG_FORMAT": "text",
        "STORE_FOLDER": published,
        "CHECK_SECONDS": str(settings.check_every_seconds),
        # Let's Encrypt allows five failures an hour for a name.
        "RETRY_SECONDS": str(min(settings.check_every_seconds, _HOUR)),
    }


def _challenge(settings: Acme, published: str) -> dict[str, str]:
    if settings.challenge == Challenge.HTTP:
        return {"LEGO_HTTP": "true", "LEGO_HTTP_WEBROOT": f"{published}/webroot"}
    return {"LEGO_DNS": settings.dns_provider or ""}


def _account(settings: Acme) -> dict[str, str]:
    account = {"LEGO_SERVER": settings.directory_url, "LEGO_EMAIL": settings.email, "LEGO_ACCEPT_TOS": "true"}
    if settings.eab:
        account |= {
            "LEGO_EAB": "true",
            "LEGO_EAB_KID": settings.eab.kid,
            "LEGO_EAB_HMAC": settings.eab.hmac.get_secret_value(),
        }
    return account


def _roots(settings: Acme) -> dict[str, str]:
    """The CAs of a private directory beside the public ones, which Let's Encrypt's staging API needs."""
    if not settings.ca_bundle:
        return {}
    return {"LEGO_CA_CERTIFICATES": f"{ACME_DATA_FOLDER}/settings/roots.pem", "LEGO_CA_SYSTEM_CERT_POOL": "true"}


def _folder(settings: Acme, hostname: str) -> str:
    """One folder for each directory and name, since lego renews what it finds there, whoever issued it."""
    return hashlib.sha256(f"{settings.directory_url} {hostname}".encode()).hexdigest()[:12]
